// Buttons above the chart, and the legend below it, whose entries switch kinds of transitions off and on.
import { html, svg } from '../../base/elements';
import { byLegendOrder, count, kindColor, kindName, processorName } from './format';

/** 16 x 16 outlines. */
const ICONS = {
  whole: 'M2.5 3v10M13.5 3v10M4.5 8h7M6.5 6l-2 2l2 2M9.5 6l2 2l-2 2',
  closer: 'M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM10 10l4 4M5 7h4M7 5v4',
  wider: 'M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM10 10l4 4M5 7h4',
  follow: 'M2 8h8M7 4.5l3.5 3.5l-3.5 3.5M13.5 3v10',
  time: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.6',
} as const;

export type Action = keyof typeof ICONS;

const TITLES: Readonly<Record<Action, string>> = {
  whole: 'Show the whole run (0)',
  closer: 'Zoom in (+)',
  wider: 'Zoom out (-)',
  follow: 'Follow the guest (F)',
  time: 'True to time: the same room for every instruction (T)',
};

export class Toolbar {
  readonly summary = html('span', { id: 'summary', role: 'status' });
  private readonly buttons = new Map<Action, HTMLButtonElement>();
  readonly element: HTMLElement;

  /** Of several processors, the one shown; changed by the person. */
  readonly processors: ProcessorChoice;

  constructor(act: (action: Action) => void, processorChanged: () => void) {
    this.processors = new ProcessorChoice(processorChanged);
    this.element = html(
      'div',
      { id: 'toolbar', role: 'toolbar', 'aria-label': 'Time shown' },
      this.processors.element,
      this.summary,
    );
    for (const action of Object.keys(ICONS) as Action[]) {
      const icon = svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: ICONS[action] }));
      const button = html(
        'button',
        { title: TITLES[action], 'aria-label': TITLES[action], 'data-action': action },
        icon,
      );
      button.addEventListener('click', () => act(action));
      this.buttons.set(action, button);
      this.element.append(button);
    }
  }

  /** Shows which of the switches are on. */
  press(pressed: Partial<Record<Action, boolean>>): void {
    for (const [action, on] of Object.entries(pressed))
      this.buttons.get(action as Action)?.setAttribute('aria-pressed', String(on));
  }
}

/** Chooses among several processors: the one of the focused thread, a certain one, or all of them in rows. */
export class ProcessorChoice {
  readonly element = html('select', {
    id: 'processor',
    title: 'Processor shown',
    'aria-label': 'Processor shown',
    hidden: '',
  });
  private shown = '';

  constructor(changed: () => void) {
    this.element.addEventListener('change', changed);
  }

  /** There are so many, and `focused` is the one that the person looks at. */
  update(count: number, focused: number): void {
    this.element.hidden = count < 2;
    const key = `${count}/${focused}`;
    if (key === this.shown) return;
    this.shown = key;
    const { value } = this.element;
    const each = Array.from({ length: count }, (_, n) => html('option', { value: String(n) }, processorName(n)));
    const focus = html('option', { value: 'focus' }, `focused: ${processorName(focused)}`);
    this.element.replaceChildren(focus, ...each, html('option', { value: 'all' }, 'all processors'));
    this.element.value = value === '' || Number(value) >= count ? 'focus' : value;
  }

  /** The processor to ask for; undefined for all of them. */
  wanted(focused: number | undefined): number | undefined {
    const { value } = this.element;
    if (this.element.hidden || value === 'all') return undefined;
    return value === 'focus' || value === '' ? focused : Number(value);
  }
}

export class Legend {
  readonly element = html('div', { id: 'legend', role: 'group', 'aria-label': 'Kinds of transitions shown' });
  readonly hidden = new Set<string>();
  /** Also what stays within a lane. */
  within = false;
  private drawn = '';

  constructor(private readonly changed: () => void) {}

  update(kinds: Readonly<Record<string, number>>): void {
    const names = Object.keys(kinds).sort(byLegendOrder);
    if (this.drawn !== names.join()) {
      this.drawn = names.join();
      this.element.replaceChildren(...names.map((kind) => this.entry(kind)), this.withinSwitch());
    }
    for (const entry of this.element.querySelectorAll<HTMLElement>('[data-kind]')) {
      const kind = entry.dataset.kind!;
      entry.setAttribute('aria-pressed', String(!this.hidden.has(kind)));
      entry.lastElementChild!.textContent = count(kinds[kind]!);
    }
  }

  private withinSwitch(): HTMLElement {
    const title = 'Also show interrupts, exceptions and returns that stay within a ring or mode';
    const button = html('button', { id: 'within', title, 'aria-pressed': String(this.within) }, 'also within a ring');
    button.addEventListener('click', () => {
      this.within = !this.within;
      button.setAttribute('aria-pressed', String(this.within));
      this.changed();
    });
    return button;
  }

  private entry(kind: string): HTMLElement {
    const button = html(
      'button',
      { 'data-kind': kind, title: `Show or hide: ${kindName(kind)}` },
      html('span', { class: `swatch ${kindColor(kind)}` }),
      kindName(kind),
      html('span', { class: 'count' }),
    );
    button.addEventListener('click', () => {
      if (!this.hidden.delete(kind)) this.hidden.add(kind);
      button.setAttribute('aria-pressed', String(!this.hidden.has(kind)));
      this.changed();
    });
    return button;
  }
}
