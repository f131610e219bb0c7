// What eslint checks: likely mistakes, the bans that keep the core deterministic, file size. Nothing needs type
// information, so that a run takes seconds; the compiler checks types, dependency-cruiser checks imports.
import tseslint from 'typescript-eslint';

const DETERMINISTIC = ['base', 'isa', 'wasm', 'cpu', 'engine', 'devices', 'firmware', 'machine', 'replay', 'symbols']
  .concat('asm', 'language', 'debugger')
  .map((folder) => `src/${folder}/**/*.ts`);

const HOST_TIME = ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame'];
const WHY = 'Time in the core is retired instructions; every outside input comes through the input log.';

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: files are named after what they export.',
};
const NO_FOCUS_OR_SKIP = {
  selector: 'MemberExpression[object.name=/^(describe|it|context)$/][property.name=/^(only|skip)$/]',
  message: 'No focused or skipped tests: mend the test, or call this.skip() after saying what is missing.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'out/', '.tools/'] },
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-constant-binary-expression': 'error',
      'no-self-compare': 'error',
      'no-unused-private-class-members': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, NO_FOCUS_OR_SKIP] },
  },
  { files: ['src/isa/instructions/**/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  {
    files: DETERMINISTIC,
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', ...HOST_TIME.map((name) => ({ name, message: WHY }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: WHY },
        { object: 'crypto', property: 'getRandomValues', message: WHY },
        ...HOST_TIME.map((property) => ({ object: 'globalThis', property, message: WHY })),
      ],
    },
  },
);
