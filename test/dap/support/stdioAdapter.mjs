// Started by the test client as the adapter's program: `ringside dap` from its sources.
process.argv.push('dap', ...(process.env.RINGSIDE_DAP_ARGS?.split(' ') ?? []));
await import(new URL('../../../src/cli/main.ts', import.meta.url).href);
