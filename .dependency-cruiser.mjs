// The direction of imports (ARCHITECTURE.md): which folder of src may import which, type-only imports included.
// A folder may always import itself. `types` lists folders of which only types may be imported.

/** @type {Record<string, string[]>} */
export const ALLOWED = {
  base: [],
  isa: ['base'],
  wasm: ['base'],
  cpu: ['base', 'isa'],
  asm: ['base', 'isa'],
  devices: ['base'],
  engine: ['base', 'isa', 'cpu', 'wasm'],
  firmware: ['base', 'cpu', 'devices/contract'],
  machine: ['base', 'isa', 'cpu', 'engine', 'devices', 'firmware'],
  replay: ['base', 'machine'],
  symbols: ['base'],
  language: ['base', 'isa', 'asm'],
  debugger: ['base', 'isa', 'asm', 'symbols', 'machine', 'replay'],
  dap: ['base', 'debugger'],
  lsp: ['base', 'language'],
  extension: ['base', 'dap', 'lsp', 'views/[^/]+/provider', 'asm'],
  cli: ['base', 'asm', 'machine', 'debugger', 'dap', 'lsp', 'replay', 'symbols'],
};
/** @type {Record<string, string[]>} */
export const TYPES_ALLOWED = { extension: ['debugger'] };

const NODE_FOLDERS = '^src/(dap|lsp|extension|cli)/';
const PROTOCOL_FOLDERS = '^src/(dap|lsp)/';
const VSCODE_FILES = '^src/(extension/|views/[^/]+/provider\\.ts$)';
const VSCODE = '(^vscode$|(^|/)node_modules/@types/vscode/)';
const PROTOCOL = '(^|/)node_modules/(@vscode/debug|vscode-(jsonrpc|languageserver|languageclient))';
const LANGUAGE_CLIENT = '(^|/)node_modules/vscode-languageclient/';

/** @param {string[]} folders */
const under = (folders) => folders.map((folder) => `^src/${folder}(/|\\.ts$)`);

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const folderRules = Object.entries(ALLOWED).flatMap(([folder, allowed]) => {
  const types = TYPES_ALLOWED[folder] ?? [];
  /** @type {import('dependency-cruiser').IForbiddenRuleType} */
  const direction = {
    name: `${folder}-imports`,
    comment: `src/${folder} may import ${[...allowed, ...types.map((t) => `types of ${t}`)].join(', ') || 'nothing else'}`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: under([folder, ...allowed, ...types]) },
  };
  if (types.length === 0) return [direction];
  return [
    direction,
    {
      name: `${folder}-types-only`,
      comment: `src/${folder} may import only types of ${types.join(', ')}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: under(types), dependencyTypesNot: ['type-only'] },
    },
  ];
});

/** @type {import('dependency-cruiser').IConfiguration} */
const config = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'modules must not depend on each other in a circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'known-folders',
      comment: 'every source file belongs to a folder of the table',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(ALLOWED).join('|')}|views/[^/]+)/` },
      to: {},
    },
    ...folderRules,
    {
      name: 'views-imports',
      comment: 'a view may import base and its own folder',
      severity: 'error',
      from: { path: '^src/views/([^/]+)/', pathNot: '^src/views/[^/]+/provider\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/base/', '^src/views/$1/'] },
    },
    {
      name: 'views-provider-imports',
      comment: 'a provider may import base, its own folder and types of debugger',
      severity: 'error',
      from: { path: '^src/views/([^/]+)/provider\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/base/', '^src/views/$1/', '^src/debugger/'] },
    },
    {
      name: 'views-provider-types-only',
      comment: 'a provider may import only types of debugger',
      severity: 'error',
      from: { path: '^src/views/' },
      to: { path: '^src/debugger/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'views-two-sides',
      comment: 'the page (browser) and the provider (extension host) share only typed messages',
      severity: 'error',
      from: { path: '^src/views/' },
      to: { path: '^src/views/[^/]+/(page|provider)\\.ts$' },
    },
    {
      name: 'vscode',
      comment: 'the vscode module only in src/extension and src/views/*/provider.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: VSCODE_FILES },
      to: { path: VSCODE },
    },
    {
      name: 'protocol-packages',
      comment: 'protocol packages only in src/dap and src/lsp; the language client belongs to the extension',
      severity: 'error',
      from: { path: '^src/', pathNot: PROTOCOL_FOLDERS },
      to: { path: PROTOCOL, pathNot: LANGUAGE_CLIENT },
    },
    {
      name: 'language-client',
      comment: 'the language client only in src/extension',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: LANGUAGE_CLIENT },
    },
    {
      name: 'node-builtins',
      comment: 'node:* only in dap, lsp, extension, cli: the core runs in a browser worker as it is',
      severity: 'error',
      from: { path: '^src/', pathNot: NODE_FOLDERS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages',
      comment: 'the product depends on no package but vscode and the protocol packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^|/)node_modules/', pathNot: [VSCODE, PROTOCOL] },
    },
    {
      name: 'not-into-tests',
      comment: 'the product imports nothing of tests, scripts or bench',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bench)/' },
    },
    {
      name: 'resolvable',
      comment: 'every import resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: VSCODE },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'browser', 'default'],
    },
  },
};

export default config;
