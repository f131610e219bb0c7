// The editor's settings below `ringside.`, as the language features want them. What is missing or of the wrong kind keeps
// its default.
import { isAbsolute, joinPath } from '../base/paths';
import { DEFAULT_SETTINGS, type LanguageSettings } from '../language/project/settings';

/** Every setting that is read here; package.json declares the same. */
export const SETTINGS = [
  'includePaths',
  'defines',
  'diagnostics.enable',
  'inlayHints.address',
  'inlayHints.bytes',
  'inlayHints.stackDepth',
  'inlayHints.jumpDistance',
  'codeLens.references',
  'codeLens.size',
  'codeLens.cycles',
  'codeLens.run',
  'format.instructionColumn',
  'format.operandColumn',
  'format.commentColumn',
] as const;
type Setting = (typeof SETTINGS)[number];

const lookUp = (section: unknown, setting: Setting): unknown =>
  setting
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value ? (value as Record<string, unknown>)[key] : undefined),
      section,
    );

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** `section` is what the client has below `ringside`; relative folders lie in the first folder of the workspace. */
export function readSettings(section: unknown, folders: readonly string[]): LanguageSettings {
  const base = folders[0] ?? '';
  const flag = (setting: Setting, fallback: boolean): boolean => {
    const value = lookUp(section, setting);
    return typeof value === 'boolean' ? value : fallback;
  };
  const column = (setting: Setting): number => {
    const value = lookUp(section, setting);
    return typeof value === 'number' && value >= 0 && value <= 200 ? Math.floor(value) : 0;
  };
  const paths = lookUp(section, 'includePaths');
  const defines = lookUp(section, 'defines');
  const { inlayHints, codeLens } = DEFAULT_SETTINGS;
  return {
    includePaths: (Array.isArray(paths) ? paths : [])
      .filter((path): path is string => typeof path === 'string' && path !== '')
      .map((path) => path.replace(/^\$\{workspaceFolder\}\/?/, ''))
      .map((path) => (isAbsolute(path) ? path : joinPath(base, path || '.'))),
    defines:
      typeof defines === 'object' && defines && !Array.isArray(defines)
        ? Object.fromEntries(Object.entries(defines).map(([name, value]) => [name, textOf(value)]))
        : {},
    diagnostics: flag('diagnostics.enable', true),
    inlayHints: {
      address: flag('inlayHints.address', inlayHints.address),
      bytes: flag('inlayHints.bytes', inlayHints.bytes),
      stackDepth: flag('inlayHints.stackDepth', inlayHints.stackDepth),
      jumpDistance: flag('inlayHints.jumpDistance', inlayHints.jumpDistance),
    },
    codeLens: {
      references: flag('codeLens.references', codeLens.references),
      size: flag('codeLens.size', codeLens.size),
      cycles: flag('codeLens.cycles', codeLens.cycles),
      run: flag('codeLens.run', codeLens.run),
    },
    formatting: {
      instructionColumn: column('format.instructionColumn'),
      operandColumn: column('format.operandColumn'),
      commentColumn: column('format.commentColumn'),
    },
  };
}
