// "New Boot Sector": the smallest program worth starting, saved where the person says.
import * as vscode from 'vscode';

const SOURCE = `; A boot sector: the firmware loads these 512 bytes to 0000:7C00 and jumps there.
; Set a breakpoint in the margin beside a line and press F5.

        org 0x7c00
        bits 16

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00          ; the stack grows down from here
        cld

        mov si, text
.next:
        lodsb
        test al, al
        jz .end
        mov ah, 0x0e            ; firmware service: write a character
        mov bx, 0x0007
        int 0x10
        jmp .next
.end:
        hlt
        jmp .end

text:   db 'Hello from ring 0', 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0xaa55               ; the signature of a boot sector
`;

export const newBootSector = async (): Promise<void> => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && vscode.Uri.joinPath(folder, 'boot.asm');
  const target = await vscode.window.showSaveDialog({
    title: 'New Boot Sector',
    defaultUri,
    filters: { Assembly: ['asm', 'nasm'] },
  });
  if (!target) return;
  try {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(SOURCE));
    await vscode.window.showTextDocument(target);
  } catch (error) {
    void vscode.window.showErrorMessage(`The file was not written: ${error instanceof Error ? error.message : error}`);
  }
};
