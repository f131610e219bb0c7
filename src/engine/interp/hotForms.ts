// The forms that get a case of their own in the interpreter's main loop, most frequent first. All others run as functions
// called through a table. Made by scripts/rank-forms from counts over the benchmark and sample guests; a form that no longer
// exists is an error at start.

export const HOT_FORMS: readonly string[] = [];
