// The Guest Screen in the browser: the guest's picture pixel by pixel on a canvas, its text for screen readers and for
// copying, and the guest's keyboard.
import { html } from '../../base/elements';
import { Keyboard } from './keyboard';
import { rgbaOf, shownSize, type Zoom } from './picture';
import type { Frame, FromPage, ToPage } from './protocol';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): { zoom?: Zoom } | undefined;
  setState(state: { zoom: Zoom }): void;
};

const HINT = 'Press F5 on an assembly program: what it shows on its display appears here.';
const WAITING = 'The guest has not shown anything yet.';
const ZOOMS: readonly [string, Zoom][] = [
  ['Fit', 'fit'],
  ['1×', 1],
  ['2×', 2],
  ['3×', 3],
  ['4×', 4],
];

export class ScreenPage {
  private readonly host = acquireVsCodeApi();
  private readonly canvas = html('canvas', { id: 'canvas', role: 'img' });
  private readonly room = html('div', { id: 'room', tabindex: 0, 'aria-describedby': 'text' }, this.canvas);
  /** The guest's characters for those who cannot see the canvas. */
  private readonly text = html('pre', { id: 'text', 'aria-label': 'Text on the guest screen', tabindex: -1 });
  private readonly hint = html('p', { id: 'hint' }, HINT);
  private readonly status = html('span', { id: 'status', role: 'status' });
  private readonly captureButton = html('button', { id: 'capture', 'aria-pressed': 'false' });
  private readonly copyButton = html('button', { id: 'copy', title: 'Copy the text on the guest screen' }, 'Copy text');
  private readonly toolbar = html('div', { id: 'toolbar', role: 'toolbar', 'aria-label': 'Guest screen' });
  private readonly keyboard = new Keyboard(
    (keys) => this.host.postMessage({ type: 'keys', keys }),
    (on) => this.showCapture(on),
  );
  private zoom: Zoom = this.host.getState()?.zoom ?? 'fit';
  private frame: Frame | undefined;
  private session: string | undefined;
  private live = false;

  start(): void {
    const zoom = html('select', { id: 'zoom', title: 'Size of the picture', 'aria-label': 'Size of the picture' });
    for (const [label, value] of ZOOMS) zoom.append(html('option', { value }, label));
    zoom.value = String(this.zoom);
    zoom.addEventListener('change', () => {
      this.zoom = zoom.value === 'fit' ? 'fit' : Number(zoom.value);
      this.host.setState({ zoom: this.zoom });
      this.resize();
    });
    const save = html('button', { id: 'save', title: 'Save the picture as PNG' }, 'Save picture');
    save.addEventListener('click', () => this.save());
    const paste = html('button', { id: 'paste', title: 'Type the clipboard on the guest keyboard' }, 'Paste');
    paste.addEventListener('click', () => this.host.postMessage({ type: 'paste' }));
    this.copyButton.addEventListener('click', () => this.copy());
    this.captureButton.addEventListener('click', () => this.toggleCapture());
    this.toolbar.append(
      this.captureButton,
      paste,
      this.copyButton,
      save,
      html('span', { class: 'stretch' }),
      this.status,
      zoom,
    );
    this.canvas.addEventListener('click', () => this.live && !this.keyboard.captured && this.flashHint());
    document.body.append(this.toolbar, this.hint, this.room, this.text);
    new ResizeObserver(() => this.resize()).observe(this.room);
    window.addEventListener('message', (event: MessageEvent<ToPage>) => this.receive(event.data));
    this.showCapture(false);
    this.update();
    this.host.postMessage({ type: 'ready' });
  }

  private receive(message: ToPage): void {
    switch (message.type) {
      case 'session':
        this.session = message.name;
        this.live = message.name !== undefined;
        this.frame = undefined;
        break;
      case 'frame':
        return this.draw(message.frame);
      case 'running':
        this.room.classList.toggle('stopped', !message.running);
        return;
      case 'ended':
        this.live = false;
        this.room.classList.add('stopped');
        this.keyboard.capture(false);
        break;
      case 'capture':
        if (message.on !== this.keyboard.captured) this.toggleCapture();
        return;
    }
    this.update();
  }

  private draw(frame: Frame): void {
    const { canvas } = this;
    const sized = canvas.width !== frame.width || canvas.height !== frame.height || !this.frame;
    if (sized) [canvas.width, canvas.height] = [frame.width, frame.height];
    canvas.getContext('2d')!.putImageData(new ImageData(rgbaOf(frame), frame.width, frame.height), 0, 0);
    this.frame = frame;
    canvas.dataset.generation = String(frame.generation);
    const text = frame.text?.map((row) => row.trimEnd()).join('\n') ?? '';
    if (this.text.textContent !== text) this.text.textContent = text;
    if (sized) this.resize();
    this.update();
    this.host.postMessage({ type: 'drawn', generation: frame.generation });
  }

  private update(): void {
    const { frame } = this;
    this.hint.hidden = frame !== undefined;
    this.hint.textContent = this.live ? WAITING : HINT;
    this.room.hidden = frame === undefined;
    this.captureButton.disabled = !this.live;
    this.copyButton.hidden = frame !== undefined && frame.kind !== 'text';
    for (const id of ['copy', 'save']) (document.getElementById(id) as HTMLButtonElement).disabled = !frame;
    (document.getElementById('paste') as HTMLButtonElement).disabled = !this.live;
    const text = frame ? `${frame.description}${this.live ? '' : ', ended'}` : (this.session ?? '');
    if (this.status.textContent !== text) this.status.textContent = text;
    this.canvas.setAttribute('aria-label', frame ? `Guest screen, ${frame.description}` : 'Guest screen');
  }

  private resize(): void {
    if (!this.frame) return;
    const style = getComputedStyle(this.room);
    const room = {
      width: this.room.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
      height: this.room.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
    };
    const { width, height } = shownSize(this.frame, room, this.zoom, window.devicePixelRatio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    // Smaller than the guest's picture: smoothed, or letters lose their strokes.
    this.canvas.style.imageRendering = width * window.devicePixelRatio < this.frame.width ? 'auto' : 'pixelated';
  }

  private toggleCapture(): void {
    this.keyboard.capture(!this.keyboard.captured && this.live);
    if (this.keyboard.captured) this.room.focus();
  }

  private showCapture(on: boolean): void {
    this.captureButton.textContent = on ? 'Keyboard captured: Ctrl+Alt to release' : 'Capture keyboard';
    this.captureButton.title = on ? 'Give the keyboard back to the editor' : 'Send every key to the guest, F5 too';
    this.captureButton.setAttribute('aria-pressed', String(on));
    this.room.classList.toggle('captured', on);
    this.host.postMessage({ type: 'captured', on });
  }

  /** A click into the picture is often meant to type there: shows the button that does it. */
  private flashHint(): void {
    this.captureButton.classList.remove('flash');
    void this.captureButton.offsetWidth; // restarts the animation
    this.captureButton.classList.add('flash');
  }

  private copy(): void {
    const selected = window.getSelection()?.toString();
    this.host.postMessage({ type: 'copy', text: selected || (this.text.textContent ?? '') });
  }

  private save(): void {
    const data = this.canvas.toDataURL('image/png');
    this.host.postMessage({ type: 'save', png: data.slice(data.indexOf(',') + 1) });
  }
}

new ScreenPage().start();
