// The HTML shell of every view: the page's script and style from dist/views, and a policy that allows nothing else.
import * as vscode from 'vscode';

export const viewsFolder = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist', 'views');

export const webviewHtml =
  (extension: vscode.Uri, view: string, title: string) =>
  (webview: vscode.Webview): string => {
    const resource = (file: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(viewsFolder(extension), file)).toString();
    const policy = `default-src 'none'; img-src ${webview.cspSource} data: blob:; font-src ${webview.cspSource}; style-src ${webview.cspSource} 'unsafe-inline'; script-src ${webview.cspSource};`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource(`${view}.css`)}">
<title>${title}</title>
</head>
<body><script src="${resource(`${view}.js`)}"></script></body>
</html>`;
  };
