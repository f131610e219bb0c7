// The sources an editor knows, and what follows from them: syntax by file, programs by root, names by program. Files are
// put in from outside (a disk, an editor's workspace); what the assembler asks for and nobody has put in yet is in `wanted`.
import { baseName, folderOf, isAbsolute, joinPath, normalize } from '../../base/paths';
import { type Flavour, flavourOf } from '../flavour';
import { KnownLines } from '../../asm/knownLines';
import { decodeSource } from '../../asm/text/bytes';
import type { OutputFormat } from '../../asm/types';
import { scanFile } from '../syntax/scan';
import type { Definition, FileSyntax, Name } from '../syntax/types';
import { analyse, type Analysis } from './analysis';
import { type FileMention, folderFor, IncludeGraph, mentionsIn, resolveInclude } from './includes';
import { NameIndex } from './nameIndex';
import { DEFAULT_SETTINGS, type LanguageSettings } from './settings';

interface SourceFile {
  /** Undefined: it does not exist. */
  bytes?: Uint8Array;
  text?: string;
  open: boolean;
  syntax?: FileSyntax;
  flavour?: Flavour;
  mentions?: readonly FileMention[];
}

interface Cached {
  analysis: Analysis;
  /** Contents that it was made of. */
  texts: ReadonlyMap<string, string | Uint8Array | undefined>;
  settings: LanguageSettings;
  generation: number;
}

const EXTERNAL = /^\s*\[?\s*(extern|common|required)\b/im;
/** What only OMF objects have: groups, segments with a class or a width, an entry point. */
const DOS_OBJECT =
  /^\s*(?:\[?(?:group|uppercase)\b|\.\.start\s*:|\[?(?:segment|section)\s+\S+.*\s(?:class=|(?:stack|private|public|use16|use32)\b))/im;
const ORIGIN = /^\s*\[?\s*org\b/im;
const GLOBAL = /^\s*\[?\s*global\b/im;
const LONG_MODE = /\bbits\s+64|\br[abcd]x\b|\br(si|di|sp|bp)\b|\bdefault\s+rel\b|\bsyscall\b/i;

export class Project {
  settings: LanguageSettings = DEFAULT_SETTINGS;
  /** Folders of the workspace. */
  folders: readonly string[] = [];
  /** Files asked for that are not known, to be put in with `put`. */
  readonly wanted = new Set<string>();
  private readonly files = new Map<string, SourceFile>();
  /** A key changes one line: the others are read and parsed already. */
  private readonly knownLines = new KnownLines();
  private readonly analyses = new Map<string, Cached>();
  private graphCache: IncludeGraph | undefined;
  private readonly indices = new Map<string, NameIndex>();
  /** Grows when a file comes or goes. */
  private generation = 0;

  /** Contents from a disk; undefined says that there is no such file. An open document keeps its text. */
  put(path: string, bytes: Uint8Array | undefined): void {
    const key = normalize(path);
    this.wanted.delete(key);
    const known = this.files.get(key);
    if (known?.open) return;
    if (known && known.bytes === undefined && bytes === undefined && known.text === undefined) return;
    this.changed(key, bytes ? { bytes, open: false } : { open: false });
  }

  /** The text of a document that is open in the editor, now. */
  open(path: string, text: string): void {
    const key = normalize(path);
    this.wanted.delete(key);
    const known = this.files.get(key);
    if (known?.open && known.text === text) return;
    this.changed(key, { text, open: true });
  }

  /** Forgets a file: what is on the disk is asked for again. */
  forget(path: string): void {
    const key = normalize(path);
    if (!this.files.delete(key)) return;
    this.generation++;
    this.reset();
  }

  private changed(path: string, file: SourceFile): void {
    const known = this.files.get(path);
    const existed = known !== undefined && (known.text !== undefined || known.bytes !== undefined);
    this.files.set(path, file);
    if (existed !== (file.text !== undefined || file.bytes !== undefined)) this.generation++;
    this.reset();
  }

  private reset(): void {
    this.graphCache = undefined;
    this.indices.clear();
  }

  isOpen(path: string): boolean {
    return this.files.get(path)?.open === true;
  }

  has(path: string): boolean {
    const file = this.files.get(path);
    return file !== undefined && (file.text !== undefined || file.bytes !== undefined);
  }

  text(path: string): string | undefined {
    const file = this.files.get(path);
    if (!file) return undefined;
    if (file.text === undefined && file.bytes) file.text = textOf(file.bytes);
    return file.text;
  }

  /** Every file that is there. */
  paths(): string[] {
    return [...this.files.keys()].filter((path) => this.has(path));
  }

  /** Sources whose text is known, binary files aside. */
  private sources(): string[] {
    return this.paths().filter((path) => /\.(asm|nasm|inc|mac|s|ash|as|a|i)$/i.test(path) || this.isOpen(path));
  }

  syntax(path: string): FileSyntax | undefined {
    const file = this.files.get(path);
    const text = this.text(path);
    if (!file || text === undefined) return undefined;
    return (file.syntax ??= scanFile(path, text, this.flavour(path)));
  }

  syntaxes(): FileSyntax[] {
    return this.sources().flatMap((path) => this.syntax(path) ?? []);
  }

  get graph(): IncludeGraph {
    return (this.graphCache ??= this.makeGraph());
  }

  private makeGraph(): IncludeGraph {
    const files = this.sources().map((path) => ({ path, mentions: this.mentions(path) }));
    return new IncludeGraph(files, (written, from) => this.resolve(written, from));
  }

  flavour(path: string): Flavour | undefined {
    const text = this.text(path);
    const file = this.files.get(path);
    return file && text !== undefined ? (file.flavour ??= flavourOf(text, path)) : undefined;
  }

  private mentions(path: string): readonly FileMention[] {
    const text = this.text(path);
    const file = this.files.get(path);
    if (!file || text === undefined || this.flavour(path) !== 'nasm') return []; // others are not assembled
    return (file.mentions ??= mentionsIn(text));
  }

  /** The file that `%include "written"` in `from` means. */
  resolve(written: string, from: string): string | undefined {
    return resolveInclude(written, from, {
      has: (path) => this.has(path),
      paths: () => this.files.keys(),
      folders: [...this.settings.includePaths, ...this.folders],
    });
  }

  /** The program that a file is judged in: of several, the first that is open. */
  rootOf(path: string): string {
    const roots = this.graph.rootsOf(path);
    return roots.find((root) => root !== path && this.isOpen(root)) ?? roots[0]!;
  }

  /** The program of a file, assembled; undefined for sources of other assemblers. */
  analysis(path: string): Analysis | undefined {
    return this.assembled(this.rootOf(path));
  }

  assembled(root: string): Analysis | undefined {
    const text = this.text(root);
    if (text === undefined || this.flavour(root) !== 'nasm') return undefined;
    const cached = this.analyses.get(root);
    if (cached && this.isCurrent(cached)) return cached.analysis;
    const texts = new Map<string, string | Uint8Array | undefined>();
    const note = <T extends string | Uint8Array | undefined>(key: string, content: T): T => {
      texts.set(key, content);
      this.ask(key);
      return content;
    };
    note(root, text);
    const analysis = analyse({
      root,
      text,
      formats: this.formats(root, text),
      orphan: this.graph.includersOf(root).length === 0,
      input: {
        read: (path) => {
          const key = normalize(path);
          return note(key, this.text(key));
        },
        readBinary: (path) => {
          const key = normalize(path);
          const file = this.files.get(key);
          const bytes = file?.bytes ?? (file?.text === undefined ? undefined : new TextEncoder().encode(file.text));
          texts.set(key, file?.text ?? bytes);
          this.ask(key);
          return bytes;
        },
        resolve: (from, written) => joinPath(folderOf(from), written),
        includePaths: this.searchFolders(root),
        defines: this.settings.defines,
        lines: this.knownLines,
      },
    });
    this.analyses.set(root, { analysis, texts, settings: this.settings, generation: this.generation });
    return analysis;
  }

  /** What is not known is to be fetched; a name without a folder is nowhere. */
  private ask(path: string): void {
    if (!this.files.has(path) && isAbsolute(path)) this.wanted.add(path);
  }

  /** Outputs a source may be meant for; what the last assembly settled on comes first. */
  private formats(root: string, text: string): OutputFormat[] {
    const isObject = EXTERNAL.test(text) || (!ORIGIN.test(text) && GLOBAL.test(text));
    if (!isObject && ORIGIN.test(text)) return ['bin'];
    const obj: OutputFormat[] = DOS_OBJECT.test(text) ? ['obj'] : [];
    const elf: OutputFormat[] = LONG_MODE.test(text) ? ['elf64', 'elf32'] : ['elf32', 'elf64'];
    const likely: OutputFormat[] = isObject ? [...obj, ...elf] : ['bin', ...obj, ...elf];
    const last = this.analyses.get(root)?.analysis.format;
    return last && likely.includes(last) ? [last, ...likely.filter((format) => format !== last)] : likely;
  }

  /** The newest assembly of a file's program, whatever was typed since. */
  lastAnalysis(path: string): Analysis | undefined {
    return this.analyses.get(this.rootOf(path))?.analysis ?? this.analysis(path);
  }

  private isCurrent({ texts, settings, generation }: Cached): boolean {
    if (settings !== this.settings || generation !== this.generation) return false;
    for (const [path, content] of texts) {
      const file = this.files.get(path);
      if (content !== file?.text && content !== file?.bytes) return false;
    }
    return true;
  }

  /** Include path: what is set, the folders of workspace and root, and the folders that make the written paths fit. */
  private searchFolders(root: string): string[] {
    const folders = new Set([...this.settings.includePaths, ...this.folders, folderOf(root)]);
    for (const path of this.graph.reachedFrom(root)) {
      for (const { path: written } of this.mentions(path)) {
        const found = this.resolve(written, path);
        const folder = found && folderFor(written, found);
        if (folder) folders.add(folder);
      }
    }
    return [...folders];
  }

  /** Files of the programs that a file belongs to, itself among them. */
  unit(path: string): string[] {
    const files = new Set([path]);
    for (const root of this.graph.rootsOf(path)) for (const file of this.graph.reachedFrom(root)) files.add(file);
    return [...files];
  }

  /** Names of the programs that a file belongs to. */
  names(path: string): NameIndex {
    const known = this.indices.get(path);
    if (known) return known;
    const files = this.unit(path);
    const index = new NameIndex(
      files.flatMap((file) => this.syntax(file) ?? []),
      () => this.syntaxes().filter((syntax) => !files.includes(syntax.path)),
    );
    for (const file of files) this.indices.set(file, index);
    return index;
  }

  /** The name at a place, defined or used there. */
  nameAt(path: string, line: number, character: number): Name | Definition | undefined {
    const syntax = this.syntax(path);
    if (!syntax) return undefined;
    const at = ({ range: { start, end } }: Name): boolean =>
      start.line === line && start.character <= character && character <= end.character;
    return syntax.definitions.find(at) ?? syntax.uses.find(at);
  }

  nameOf(path: string): string {
    const folder = this.folders.find((known) => path.startsWith(`${known}/`));
    return folder ? path.slice(folder.length + 1) : baseName(path);
  }
}

/** UTF-8; bytes that are none are kept, so that strings in old code pages are assembled as they are. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeSource(bytes);
  }
}
