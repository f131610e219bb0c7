// The card that tells all about the edge or bucket under the pointer or the keyboard's focus.
import { html } from '../../base/elements';
import { bucketRows, cause, count, detailRows, kindColor, LANE_NAMES, plural } from './format';
import type { Bucket, Detail, Transition } from './protocol';

export type OpenPlace = (side: 'from' | 'to', how: 'source' | 'disassembly') => void;

/** Pixels between the card and what it tells about, and the room it keeps to the border. */
const GAP = 10;
const BORDER = 4;
/** Narrower views have no room beside an edge. */
const NARROW = 520;

export class Card {
  readonly element = html('div', { id: 'card', role: 'tooltip', hidden: '' });
  private hideTimer: number | undefined;

  constructor(private readonly open: OpenPlace) {
    this.element.addEventListener('pointerenter', () => clearTimeout(this.hideTimer));
    this.element.addEventListener('pointerleave', () => this.hideSoon());
  }

  /** `detail` is absent until the extension has answered. */
  showTransition(t: Transition, detail: Detail | undefined, at: DOMRect): void {
    const rows = detail
      ? detailRows(detail)
      : [['from', LANE_NAMES[t.from]] as [string, string], ['to', LANE_NAMES[t.to]] as [string, string]];
    const heading = html(
      'h2',
      {},
      html('span', { class: `swatch ${kindColor(t.kind)}` }),
      html('span', { class: 'cause' }, cause(t)),
      html('span', { class: 'way' }, `${LANE_NAMES[t.from]} → ${LANE_NAMES[t.to]}`),
    );
    const list = html('dl', {});
    for (const [term, text] of rows) {
      const side = detail && (term === 'from' || term === 'to') ? term : undefined;
      list.append(
        html('dt', {}, term),
        html('dd', { 'data-field': term }, ...(side ? this.links(side, text, detail!) : [text])),
      );
    }
    const foot = html('p', { class: 'foot' }, `#${count(t.index + 1)}, after ${plural(t.icount, 'instruction')}`);
    this.element.dataset.index = String(t.index);
    this.show([heading, list, foot], at);
  }

  showBucket(bucket: Bucket, from: number, to: number, at: DOMRect): void {
    const heading = html('h2', {}, html('span', { class: 'cause' }, plural(bucket.count, 'transition')));
    const list = html('dl', {});
    for (const [term, text] of bucketRows(bucket)) list.append(html('dt', {}, term), html('dd', {}, text));
    const foot = html('p', { class: 'foot' }, `${count(from)} to ${count(to)} instructions. Click to look closer.`);
    delete this.element.dataset.index;
    this.show([heading, list, foot], at);
  }

  hide(): void {
    clearTimeout(this.hideTimer);
    this.element.hidden = true;
  }

  /** Leaves time to move the pointer onto the card. */
  hideSoon(): void {
    clearTimeout(this.hideTimer);
    this.hideTimer = window.setTimeout(() => this.hide(), 250);
  }

  private links(side: 'from' | 'to', text: string, detail: Detail): HTMLElement[] {
    const how = detail[side].source ? 'source' : 'disassembly';
    const link = html('button', { class: 'link', title: `Open the ${how}` }, text);
    link.addEventListener('click', () => this.open(side, how));
    if (how === 'disassembly') return [link];
    const other = html('button', { class: 'link more', title: 'Open the disassembly' }, 'disassembly');
    other.addEventListener('click', () => this.open(side, 'disassembly'));
    return [link, other];
  }

  private show(content: readonly HTMLElement[], at: DOMRect): void {
    clearTimeout(this.hideTimer);
    const { element } = this;
    element.replaceChildren(...content);
    element.hidden = false;
    const { clientWidth, clientHeight } = document.documentElement;
    element.classList.remove('docked');
    element.style.left = element.style.top = '';
    const box = element.getBoundingClientRect();
    if (clientWidth < NARROW && box.height > clientHeight * 0.55) return element.classList.add('docked');
    const right = at.right + GAP;
    const left = right + box.width + BORDER <= clientWidth ? right : at.left - GAP - box.width;
    element.style.left = `${Math.max(BORDER, Math.min(left, clientWidth - box.width - BORDER))}px`;
    element.style.top = `${Math.max(BORDER, Math.min(at.top, clientHeight - box.height - BORDER))}px`;
  }
}
