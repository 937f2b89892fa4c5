import { Buffer } from 'node:buffer';
import type { Clock } from '@benchlab-otel/core';
import type { Dashboard } from '../model/dashboard.ts';
import type { Theme } from '../themes/theme.ts';
import { Cells } from './cells.ts';
import { drawScreen, paneTitle } from './drawScreen.ts';
import { frameOf } from './frame.ts';
import { terminalInputs } from './keys.ts';
import { type ColourDepth, type Palette, paletteOf } from './palette.ts';
import type { PlotKind } from './plot.ts';
import type { ScreenDevice } from './screenDevice.ts';
import { type Action, afterKey, firstState, type ScreenContext, type ScreenState } from './screenState.ts';

export interface TuiOptions {
  readonly dashboard: Dashboard;
  readonly device: ScreenDevice;
  readonly clock: Clock;
  /** ms since 1970 */
  readonly nowMs: () => number;
  /** The first is shown; a key goes through them. */
  readonly themes: readonly [Theme, ...Theme[]];
  readonly depth: ColourDepth;
  readonly plot: PlotKind;
  /** Signs outside of ASCII become signs of ASCII, and curves stay what `plot` states. */
  readonly isAscii: boolean;
  readonly refreshMs: number;
  /** Names of columns. Empty: all that fit. */
  readonly columns: readonly string[];
}

// Alternate screen (xterm, mode 1049), cursor off and on (mode 25), mouse (modes 1000 and 1006), OSC 11: colour of the ground.
const enter = '\x1b[?1049h\x1b[?25l\x1b[0m\x1b[2J';
const leave = '\x1b[?2026l\x1b[?1000l\x1b[?1006l\x1b[0m\x1b[?25h\x1b[?1049l';
const askGround = '\x1b]11;?\x07';
const mouseOn = '\x1b[?1000h\x1b[?1006h';
const mouseOff = '\x1b[?1000l\x1b[?1006l';
/** Terminals cut or refuse longer OSC 52 texts (xterm: 100,000 characters of base64), bytes. */
const mostCopied = 74_000;
/** A message stays for this time, ms. */
const messageMs = 4_000;
const nsPerMs = 1e6;

/** The screen of `benchlab-probe tui`, from `start` until a key or the caller ends it. */
export class Tui {
  /** Resolves when the user has ended it. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;
  readonly #options: TuiOptions;
  readonly #segmenter = new Intl.Segmenter();
  readonly #undo: (() => void)[] = [];
  #state: ScreenState;
  #theme = 0;
  #palette: Palette;
  #context: ScreenContext | undefined;
  /** What the terminal shows. Undefined: not known. */
  #shown: Cells | undefined;
  #drawn: Cells | undefined;
  #isWriting = false;
  #isDue = false;
  #isOn = false;
  #message: { readonly text: string; readonly untilMs: number } | undefined;
  #cancel = (): void => undefined;

  constructor(options: TuiOptions) {
    this.#options = options;
    this.#state = firstState(options.plot);
    this.#palette = paletteOf(options.themes[0], options.depth);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Takes the screen, and draws the first frame. */
  start(): void {
    const { device } = this.#options;
    this.#undo.push(
      device.listen((text) => this.#input(text)),
      device.onResize(() => this.#redraw()),
      device.onJob({ stop: () => this.#suspend(), continued: () => this.#redraw(), dying: () => this.stop() }),
    );
    this.#enter();
    this.#tick();
  }

  /** Gives the screen back as it was. Safe repeated. */
  stop(): void {
    this.#cancel();
    for (const undo of this.#undo.splice(0)) undo();
    this.#leave();
    this.#end();
  }

  #enter(): void {
    this.#isOn = true;
    this.#shown = undefined;
    void this.#options.device.write(enter + (this.#state.hasMouse ? mouseOn : '') + askGround);
  }

  #leave(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#options.device.writeSync(leave);
  }

  #suspend(): void {
    this.#leave();
    this.#options.device.suspend();
    // The process was continued.
    this.#enter();
    this.#draw();
  }

  #tick(): void {
    const { clock, refreshMs } = this.#options;
    this.#draw();
    this.#cancel = clock.at(clock.nowNs() + refreshMs * nsPerMs, () => this.#tick());
  }

  #redraw(): void {
    this.#shown = undefined;
    this.#draw();
  }

  /** Draws a frame now, or, while the terminal still takes the one before, one frame after it. */
  #draw(): void {
    if (!this.#isOn) return;
    if (this.#isWriting) {
      this.#isDue = true;
      return;
    }
    const { dashboard, device, columns, themes } = this.#options;
    const nowMs = this.#options.nowMs();
    if (this.#message !== undefined && nowMs > this.#message.untilMs) this.#message = undefined;
    const cells = this.#cellsFor(device.columns, device.rows);
    const themeName = (themes[this.#theme] ?? themes[0]).name;
    this.#context = drawScreen(cells, this.#state, {
      dashboard,
      nowMs,
      themeName,
      columns,
      message: this.#message?.text,
    });
    const bytes = frameOf(cells, this.#shown, this.#palette);
    const before = this.#shown;
    this.#shown = cells;
    this.#drawn = before ?? this.#drawn;
    if (bytes === '') return;
    this.#isWriting = true;
    void device.write(bytes).then(() => {
      this.#isWriting = false;
      if (!this.#isDue) return;
      this.#isDue = false;
      this.#draw();
    });
  }

  /** The cells of the frame before the last, which nothing needs any more, or new ones. */
  #cellsFor(columns: number, rows: number): Cells {
    const free = this.#drawn;
    this.#drawn = undefined;
    if (free !== undefined && free !== this.#shown && free.columns === columns && free.rows === rows) return free;
    return new Cells(columns, rows, { segmenter: this.#segmenter, isAscii: this.#options.isAscii });
  }

  #input(text: string): void {
    for (const input of terminalInputs(text)) {
      if (input.kind === 'key') this.#key(input.key);
      // Mean of the parts: enough to tell a light ground from a dark one.
      else if ((input.red + input.green + input.blue) / 3 > 0.5) this.#hint();
    }
    this.#draw();
  }

  #hint(): void {
    const { themes } = this.#options;
    const theme = themes[this.#theme] ?? themes[0];
    if (theme.kind === 'dark')
      this.#say('Your terminal is light: t changes to the theme light, --theme light starts with it.');
  }

  #key(key: string): void {
    if (this.#context === undefined) return;
    const before = this.#state;
    const [state, action] = afterKey(before, key, this.#context);
    this.#state = this.#options.isAscii ? { ...state, plot: before.plot } : state;
    if (state.hasMouse !== before.hasMouse) {
      void this.#options.device.write(state.hasMouse ? mouseOn : mouseOff);
      this.#say(
        state.hasMouse ? 'The wheel moves the row. Text is marked with shift.' : 'The mouse is left to the terminal.',
      );
    }
    if (action !== undefined) this.#act(action);
  }

  #act(action: Action): void {
    const { dashboard, themes, depth, nowMs } = this.#options;
    if (action === 'quit') this.stop();
    else if (action === 'suspend') this.#suspend();
    else if (action === 'redraw') this.#shown = undefined;
    else if (action === 'copy') this.#copy();
    else if (action === 'pause') {
      if (dashboard.isPaused) dashboard.resume();
      else dashboard.pause(nowMs());
    } else {
      this.#theme = (this.#theme + 1) % themes.length;
      this.#palette = paletteOf(themes[this.#theme] ?? themes[0], depth);
      this.#shown = undefined;
    }
  }

  /** OSC 52 (xterm): the terminal puts the text into the clipboard, also over SSH. */
  #copy(): void {
    if (this.#shown === undefined) return;
    const bytes = Buffer.from(this.#shown.lines().join('\n')).subarray(0, mostCopied);
    void this.#options.device.write(`\x1b]52;c;${bytes.toString('base64')}\x07`);
    this.#say(`${paneTitle('charts')} was sent to the clipboard of the terminal.`);
  }

  #say(text: string): void {
    this.#message = { text, untilMs: this.#options.nowMs() + messageMs };
  }
}
