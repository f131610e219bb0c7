// The ring view in the browser: keeps the viewport, asks the extension for the window it shows, draws it, and answers
// pointer and keys. At most one request for a window is under way, so a slow session never queues work.
import { Card } from './card';
import { drawChart } from './chart';
import { html, svg } from '../../base/elements';
import { plural } from './format';
import { geometryOf, type Geometry } from './geometry';
import { listenToKeys, listenToPointer } from './input';
import type { Detail, FromPage, Lane, State, TimeWindow, ToPage, Transition } from './protocol';
import { compressedScale, timeScale, type Scale } from './scale';
import { rowsOf } from './spans';
import { Legend, Toolbar, type Action } from './toolbar';
import { Viewport } from './viewport';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const HINT =
  'Press F5 on an assembly program to see it cross its rings: every change of privilege or mode becomes an edge here.';
const LABEL = 'Transitions between rings over time. Arrow keys go from edge to edge, Enter opens the source.';

export class RingPage {
  private readonly host = acquireVsCodeApi();
  private readonly chart = svg('svg', { id: 'chart', role: 'group', tabindex: 0, 'aria-label': LABEL });
  private readonly room = html('div', { id: 'room' }, this.chart);
  private readonly hint = html('p', { id: 'hint' }, HINT);
  private readonly toolbar = new Toolbar(
    (action) => this.act(action),
    () => this.processorChosen(),
  );
  /** The processor that the window was asked for; undefined: all, or the only one. */
  private processor: number | undefined;
  private readonly legend = new Legend(() => this.refresh());
  readonly card = new Card((side, how) => this.open(side, how));
  readonly viewport = new Viewport();
  private readonly details = new Map<number, Detail>();

  private window: TimeWindow | undefined;
  private state: State | undefined;
  private session: string | undefined;
  private ended = false;
  private trueTime = false;
  private geometry: Geometry = geometryOf(300, 200);
  scale: Scale = timeScale(0, 1, 100);
  private inFlight: number | undefined;
  private stale = false;
  private nextId = 1;
  private frame = 0;
  /** Index of the selected transition or, while buckets are shown, of the bucket. */
  private selected: number | undefined;
  /** A step with the arrow keys that left the window: selects there once the new window has come. */
  private pendingStep: { after: number; by: 1 | -1 } | undefined;

  start(): void {
    document.body.append(this.toolbar.element, this.hint, this.room, this.legend.element, this.card.element);
    window.addEventListener('message', (event: MessageEvent<ToPage>) => this.receive(event.data));
    new ResizeObserver(() => this.refresh()).observe(this.room);
    listenToPointer(this, this.chart);
    listenToKeys(this, this.chart);
    this.update();
    this.host.postMessage({ type: 'ready' });
  }

  get left(): number {
    return this.geometry.left;
  }
  get plot(): number {
    return this.geometry.plot;
  }
  get showsBuckets(): boolean {
    return this.window?.buckets !== undefined;
  }
  /** Transitions that are drawn. */
  get visible(): readonly Transition[] {
    return (this.window?.transitions ?? []).filter((t) => !this.legend.hidden.has(t.kind));
  }

  act(action: Action): void {
    const middle = this.viewport.from + this.viewport.span / 2;
    const anchor = this.selectedTransition()?.icount ?? (this.viewport.mode === 'fixed' ? middle : this.viewport.to);
    if (action === 'whole') this.viewport.whole();
    else if (action === 'closer') this.viewport.zoom(0.5, anchor);
    else if (action === 'wider') this.viewport.zoom(2, anchor);
    else if (action === 'follow') this.viewport.follow();
    else this.trueTime = !this.trueTime;
    this.refresh();
  }

  /** The viewport has changed: draws what is known at once, and asks for the rest. */
  refresh(): void {
    if (this.session === undefined) return this.schedule();
    this.schedule();
    if (this.inFlight !== undefined) {
      this.stale = true;
      return;
    }
    this.measure();
    const { plot } = this.geometry;
    const { within } = this.legend;
    this.processor = this.toolbar.processors.wanted(this.state?.processor);
    const one = this.processor === undefined ? {} : { processor: this.processor };
    const query = {
      within,
      ...one,
      limit: Math.max(40, Math.floor(plot / 4)),
      buckets: Math.max(20, Math.floor(plot / 3)),
    };
    const whole = this.viewport.mode === 'whole' && this.viewport.to <= 1;
    const range = whole ? {} : { from: Math.floor(this.viewport.from), to: Math.ceil(this.viewport.to) };
    this.inFlight = this.nextId++;
    this.host.postMessage({ type: 'window', id: this.inFlight, query: { ...query, ...range } });
  }

  select(index: number | undefined, focus = false): void {
    this.selected = index;
    this.update();
    const element = this.selectedElement();
    if (focus && element) element.focus();
    if (focus && !element) this.chart.focus();
    if (element) this.describe(element);
    else this.card.hide();
  }

  /** Shows the card of an edge or bucket element. */
  describe(element: Element): void {
    const { index, bucket } = (element as SVGElement).dataset;
    if (bucket !== undefined) {
      const window = this.window!;
      const size = (window.to - window.from) / window.buckets!.length;
      const from = window.from + Number(bucket) * size;
      return this.card.showBucket(window.buckets![Number(bucket)]!, from, from + size, this.anchorOf(element));
    }
    const t = this.window?.transitions?.find((candidate) => candidate.index === Number(index));
    if (!t) return;
    const detail = this.details.get(t.index);
    if (!detail) this.host.postMessage({ type: 'detail', index: t.index });
    this.card.showTransition(t, detail, this.anchorOf(element));
  }

  /** Arrow keys: the next or previous edge (or bucket), also beyond the window. */
  step(by: 1 | -1): void {
    const present = this.selected;
    const places = this.showsBuckets ? this.window!.buckets!.map((_, i) => i) : this.visible.map((t) => t.index);
    const beyond =
      by > 0
        ? places.filter((p) => present === undefined || p > present)
        : places.filter((p) => present !== undefined && p < present);
    const next = by > 0 ? beyond[0] : (beyond.at(-1) ?? (present === undefined ? places.at(-1) : undefined));
    if (next !== undefined) return this.select(next, true);
    if (present === undefined || this.showsBuckets || this.viewport.mode === 'whole') return;
    this.pendingStep = { after: present, by };
    this.viewport.pan(0.5 * by);
    this.refresh();
  }

  first(): void {
    this.select(this.showsBuckets ? 0 : this.visible[0]?.index, true);
  }
  last(): void {
    this.select(this.showsBuckets ? this.window!.buckets!.length - 1 : this.visible.at(-1)?.index, true);
  }

  /** Enter or click: opens the place of an edge, looks closer at a bucket. */
  activate(element: Element | undefined, how: 'source' | 'disassembly' = 'source'): void {
    const { index, bucket } = (element as SVGElement | undefined)?.dataset ?? {};
    if (bucket !== undefined && this.window?.buckets) {
      const size = (this.window.to - this.window.from) / this.window.buckets.length;
      this.selected = undefined;
      this.card.hide();
      this.viewport.place(this.window.from + (Number(bucket) - 1) * size, size * 3);
      return this.refresh();
    }
    if (index === undefined) return;
    this.select(Number(index));
    this.open('from', how);
  }

  selectedElement(): SVGElement | undefined {
    if (this.selected === undefined) return undefined;
    const attribute = this.showsBuckets ? 'data-bucket' : 'data-index';
    return this.chart.querySelector<SVGElement>(`[${attribute}="${this.selected}"]`) ?? undefined;
  }

  private selectedTransition(): Transition | undefined {
    return this.showsBuckets ? undefined : this.window?.transitions?.find((t) => t.index === this.selected);
  }

  private open(side: 'from' | 'to', how: 'source' | 'disassembly'): void {
    const shown = this.card.element.dataset.index;
    const index = this.card.element.hidden || shown === undefined ? this.selected : Number(shown);
    if (index !== undefined) this.host.postMessage({ type: 'open', index, side, how });
  }

  private receive(message: ToPage): void {
    switch (message.type) {
      case 'session':
        this.session = message.name;
        [this.window, this.state, this.selected, this.ended] = [undefined, undefined, undefined, false];
        this.inFlight = undefined;
        this.details.clear();
        this.card.hide();
        this.viewport.reset();
        return this.refresh();
      case 'state':
        if (message.state.icount < (this.state?.icount ?? 0)) this.startAgain();
        this.state = message.state;
        this.toolbar.processors.update(message.state.processors ?? 1, message.state.processor ?? 0);
        this.viewport.advance(message.state.icount);
        if (this.toolbar.processors.wanted(message.state.processor) !== this.processor) return this.processorChosen();
        return this.viewport.mode === 'fixed' && this.window && this.window.to < this.window.now
          ? this.schedule()
          : this.refresh();
      case 'ended':
        this.ended = true;
        return this.schedule();
      case 'window':
        return this.receiveWindow(message.id, message.window);
      case 'detail':
        return this.receiveDetail(message.index, message.detail);
    }
  }

  /** Another processor is to be shown. */
  private processorChosen(): void {
    this.selected = undefined;
    this.card.hide();
    this.refresh();
  }

  /** The machine was switched off and on. */
  private startAgain(): void {
    this.selected = undefined;
    this.details.clear();
    this.card.hide();
    this.viewport.reset();
  }

  private receiveWindow(id: number, window: TimeWindow | undefined): void {
    if (id !== this.inFlight) return;
    this.inFlight = undefined;
    if (window) {
      if (this.showsBuckets !== (window.buckets !== undefined)) this.selected = undefined;
      this.window = window;
      this.viewport.advance(Math.max(window.now, this.state?.icount ?? 0));
      this.schedule();
      const step = this.pendingStep;
      this.pendingStep = undefined;
      if (step && window.transitions) {
        const list = this.visible;
        const next = step.by > 0 ? list.find((t) => t.index > step.after) : list.findLast((t) => t.index < step.after);
        if (next) this.select(next.index, true);
      }
    }
    if (!this.stale) return;
    this.stale = false;
    this.refresh();
  }

  private receiveDetail(index: number, detail: Detail | undefined): void {
    if (!detail) return;
    if (this.details.size > 500) this.details.clear();
    this.details.set(index, detail);
    const element = this.chart.querySelector(`[data-index="${index}"]`);
    if (element && !this.card.element.hidden && this.card.element.dataset.index === String(index))
      this.describe(element);
  }

  private schedule(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.update();
    });
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.room;
    this.geometry = geometryOf(clientWidth, clientHeight, this.window ? rowsOf(this.window) : 1);
  }

  private update(): void {
    const { window, state, viewport } = this;
    const known = window !== undefined;
    this.hint.hidden = known;
    this.room.hidden = !known;
    this.legend.element.hidden = !known;
    this.toolbar.element.hidden = !known;
    if (!known) return;
    this.measure();
    const compressed = !this.trueTime && window.transitions !== undefined;
    const { from, to } = viewport;
    const icounts = compressed ? this.visible.map((t) => t.icount).filter((t) => t >= from && t <= to) : [];
    const { plot } = this.geometry;
    this.scale = compressed ? compressedScale(from, to, plot, icounts) : timeScale(from, to, plot);
    const focused = this.chart.contains(document.activeElement) && document.activeElement !== this.chart;
    drawChart(this.chart, {
      geometry: this.geometry,
      scale: this.scale,
      compressed,
      window,
      hidden: this.legend.hidden,
      selected: this.selected,
      now: Math.max(window.now, state?.icount ?? 0),
      lane: this.presentLane(),
      running: state?.running === true && !this.ended,
    });
    if (focused) this.selectedElement()?.focus();
    this.legend.update(window.kinds);
    this.toolbar.press({ whole: viewport.mode === 'whole', follow: viewport.mode === 'follow', time: this.trueTime });
    const dropped = window.keptFrom > 0 ? `, kept from ${plural(window.keptFrom, 'instruction')} on` : '';
    const text = `${plural(window.total, 'transition')}${dropped}${this.ended ? ', ended' : ''}`;
    if (this.toolbar.summary.textContent !== text) this.toolbar.summary.textContent = text;
  }

  /** The lane in which the processor shown is now; with all of them there is none. */
  private presentLane(): Lane | undefined {
    const { state, window } = this;
    if (!state || window?.lanes) return undefined;
    return this.processor === undefined || this.processor === state.processor ? state.lane : window?.here;
  }

  private anchorOf(element: Element): DOMRect {
    return (element.querySelector('.shaft, .hit') ?? element).getBoundingClientRect();
  }
}

new RingPage().start();
