// The project's folder: run.mjs says where it is, because the bundle lies elsewhere.
export const ROOT = process.env.RINGSIDE_ROOT ?? process.cwd();
