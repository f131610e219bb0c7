// Pointer and keyboard of the chart.
import type { Action } from './toolbar';
import type { Viewport } from './viewport';

/** What of the page the input drives. */
export interface Target {
  readonly viewport: Viewport;
  readonly scale: { at(x: number): number };
  /** Left edge and width of the plot in the chart, pixels. */
  readonly left: number;
  readonly plot: number;
  readonly card: { hide(): void; hideSoon(): void };
  act(action: Action): void;
  refresh(): void;
  describe(element: Element): void;
  activate(element: Element | undefined, how?: 'source' | 'disassembly'): void;
  select(index: number | undefined, focus?: boolean): void;
  selectedElement(): SVGElement | undefined;
  step(by: 1 | -1): void;
  first(): void;
  last(): void;
}

/** Pixels of movement that make a drag of a click. */
const DRAG = 4;

export const listenToPointer = (target: Target, chart: SVGSVGElement): void => {
  const itemAt = (event: Event): Element | undefined =>
    (event.target as Element | null)?.closest?.('.edge, .bucket') ?? undefined;
  let drag: { x: number; from: number; moved: boolean; item: Element | undefined } | undefined;

  // The edge under the pointer shall not take the focus: its card would come under the pointer that drags.
  chart.addEventListener('mousedown', (event) => {
    event.preventDefault();
    chart.focus({ preventScroll: true });
  });

  chart.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, from: target.viewport.from, moved: false, item: itemAt(event) };
    chart.setPointerCapture(event.pointerId);
    target.card.hide();
  });
  chart.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const by = event.clientX - drag.x;
    if (!drag.moved && Math.abs(by) < DRAG) return;
    drag.moved = true;
    const { viewport } = target;
    if (viewport.mode === 'whole') return;
    viewport.place(drag.from - (by / target.plot) * viewport.span, viewport.span);
    target.refresh();
  });
  chart.addEventListener('pointerup', (event) => {
    const ended = drag;
    drag = undefined;
    if (chart.hasPointerCapture(event.pointerId)) chart.releasePointerCapture(event.pointerId);
    if (ended && !ended.moved && ended.item) target.activate(ended.item);
  });
  chart.addEventListener('pointercancel', () => (drag = undefined));
  chart.addEventListener('pointerover', (event) => {
    const item = itemAt(event);
    if (item && !drag) target.describe(item);
  });
  chart.addEventListener('pointerout', (event) => {
    if (itemAt(event)) target.card.hideSoon();
  });
  chart.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        target.viewport.pan(((event.deltaX || event.deltaY) * unit) / target.plot);
      } else {
        const x = event.clientX - chart.getBoundingClientRect().left - target.left;
        target.viewport.zoom(
          Math.exp(event.deltaY * unit * 0.003),
          target.scale.at(Math.min(target.plot, Math.max(0, x))),
        );
      }
      target.card.hide();
      target.refresh();
    },
    { passive: false },
  );
};

export const listenToKeys = (target: Target, chart: SVGSVGElement): void => {
  const keys: Record<string, (event: KeyboardEvent) => void> = {
    ArrowRight: (event) => (event.shiftKey ? pan(0.25) : target.step(1)),
    ArrowLeft: (event) => (event.shiftKey ? pan(-0.25) : target.step(-1)),
    Home: () => target.first(),
    End: () => target.last(),
    Enter: (event) => target.activate(target.selectedElement(), event.shiftKey ? 'disassembly' : 'source'),
    ' ': () => target.activate(target.selectedElement()),
    d: () => target.activate(target.selectedElement(), 'disassembly'),
    '+': () => target.act('closer'),
    '=': () => target.act('closer'),
    '-': () => target.act('wider'),
    '0': () => target.act('whole'),
    f: () => target.act('follow'),
    t: () => target.act('time'),
    Escape: () => target.select(undefined, true),
  };
  const pan = (share: number) => {
    target.viewport.pan(share);
    target.refresh();
  };
  chart.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handler = keys[event.key];
    if (!handler) return;
    event.preventDefault();
    handler(event);
  });
  window.addEventListener('blur', () => target.card.hide());
  chart.addEventListener('focusin', (event) => {
    const item = (event.target as Element).closest('.edge, .bucket');
    if (item) target.describe(item);
  });
};
