// Labels of an assembly source, by its text alone: enough to offer them in a list, also while the source has errors.

export interface Label {
  /** Full name: `.loop` under `main` is `main.loop`. */
  name: string;
  /** 0-based. */
  line: number;
}

const LABEL =
  /^\s*(?:(\.{0,2}@?[A-Za-z_?][\w$#@~.?]*)\s*:(?!:)|([A-Za-z_?][\w$#@~?]*)\s+(?=(?:d[bwdqt]|res[bwdqt]|times|incbin)\b))/i;

export const labelsOf = (text: string): Label[] => {
  const labels: Label[] = [];
  let parent = '';
  text.split('\n').forEach((source, line) => {
    const match = LABEL.exec(source);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined || /^(times|align|default|section|segment)$/i.test(name)) return;
    const local = name.startsWith('.') && !name.startsWith('..');
    if (!local && !name.startsWith('..')) parent = name;
    labels.push({ name: local ? parent + name : name, line });
  });
  return labels;
};
