import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Channel, Closed } from './channel';
import { decodeLogPart, type ILogPart, type ILogPlace } from './protocol';

/** How grave a line is; a line without a level has that of the line before it. */
export enum Level {
  None,
  Debug,
  Info,
  Warn,
  Error
}

/** How many lines are kept; the oldest are dropped, a tenth at a time. */
const MOST = 1_000_000;

const BEGINNING: ILogPlace = { file: '', offset: 0 };

const word = /\b(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b/;
const trouble = /^(?:Exception in thread|Caused by:|[\w.$]+(?:Exception|Error)\b)/;

/** The level that stands in a line; Level.None where none does. */
export function levelOf(line: string): Level {
  const found = word.exec(line.slice(0, 80));
  switch (found?.[1]) {
    case 'TRACE':
    case 'DEBUG':
      return Level.Debug;
    case 'INFO':
      return Level.Info;
    case 'WARN':
    case 'WARNING':
      return Level.Warn;
    case 'ERROR':
    case 'FATAL':
      return Level.Error;
    default:
      return trouble.test(line) ? Level.Error : Level.None;
  }
}

/** Where the log comes from. */
export interface ISource {
  readonly current: Channel | null;
  readonly changed: ISignal<unknown, void>;
}

/**
 * The log of the server, as far as it has come. It asks for what is new only,
 * the next part when the one before has arrived.
 */
export class LogModel implements IDisposable {
  /** Of the server of a profile; of the kernel's own where none is named. */
  constructor(
    private readonly source: ISource,
    private _profile = ''
  ) {
    source.changed.connect(this.look, this);
    this.look();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** How many lines pass the filter. */
  get length(): number {
    return this._shown ? this._shown.length : this._lines.length;
  }

  /** How many lines there are. */
  get total(): number {
    return this._lines.length;
  }

  /** How many lines were dropped, or were not kept by the server. */
  get dropped(): number {
    return this._dropped;
  }

  /** Whether there is more that has not arrived yet. */
  get loading(): boolean {
    return this._left > 0;
  }

  /** Whether a kernel can be asked. */
  get connected(): boolean {
    return this._channel !== null;
  }

  line(at: number): string {
    return this._lines[this.index(at)] ?? '';
  }

  level(at: number): Level {
    return this._levels[this.index(at)] ?? Level.None;
  }

  get profile(): string {
    return this._profile;
  }

  /** Goes on with the log of another profile's server. */
  show(profile: string): void {
    if (profile !== this._profile) {
      this._profile = profile;
      this.clear();
      this._dropped = this._left = 0;
      this._failed = '';
      this._place = BEGINNING;
      this._channel = null;
      this.look();
    }
  }

  /** Shows only lines that hold a text and are at least so grave. */
  filter(text: string, least: Level): void {
    this._text = text.toLowerCase();
    this._least = least;
    this._shown = text === '' && least === Level.None ? null : [];
    this.pass(0);
    this._changed.emit();
  }

  /**
   * The next shown line, from one on and round about, that meets a condition;
   * -1 where none does.
   */
  find(from: number, step: 1 | -1, meets: (at: number) => boolean): number {
    const n = this.length;
    for (let i = 0; i < n; i++) {
      const at = (((from + step * i) % n) + n) % n;
      if (meets(at)) {
        return at;
      }
    }
    return -1;
  }

  /** The next line with a text, whatever the case of its letters. */
  search(text: string, from: number, step: 1 | -1): number {
    const lower = text.toLowerCase();
    return text === '' ? -1 : this.find(from, step, at => this.line(at).toLowerCase().includes(lower));
  }

  /** The next line that begins an error: its level is one, and the last one's is not. */
  nextError(from: number): number {
    return this.find(
      from,
      1,
      at =>
        this.level(at) === Level.Error &&
        (at === 0 || this.level(at - 1) !== Level.Error || levelOf(this.line(at)) !== Level.None)
    );
  }

  /** All lines, for a file. */
  text(): string {
    return this._lines.join('\n') + '\n';
  }

  /** Forgets what has come; what comes from now on is shown. */
  clear(): void {
    this._dropped += this._lines.length;
    this._lines = [];
    this._levels = [];
    this._shown = this._shown ? [] : null;
    this._changed.emit();
  }

  /** Takes a part that has arrived. */
  add(part: ILogPart): void {
    this._place = part.next;
    this._left = part.left;
    if (part.gap) {
      this.put('… lines before this one are kept no more …', Level.None);
    }
    const first = this._lines.length - (part.gap ? 1 : 0);
    const lines = part.text.split('\n');
    lines.pop(); // what stands after the last end of a line: nothing
    let last: Level = this._levels[this._levels.length - 1] ?? Level.None;
    for (const line of lines) {
      last = levelOf(line) || last;
      this.put(line, last);
    }
    if (this._lines.length > MOST) {
      this.drop(this._lines.length - MOST + MOST / 10);
    } else {
      this.pass(first);
    }
    this._changed.emit();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._channel = null;
    this._reading.abort(); // what is still on its way is for nobody
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private put(line: string, level: Level): void {
    this._lines.push(line);
    this._levels.push(level);
  }

  private drop(count: number): void {
    this._lines.splice(0, count);
    this._levels.splice(0, count);
    this._dropped += count;
    this._shown = this._shown ? [] : null;
    this.pass(0);
  }

  /** Looks which lines, from one on, pass the filter. */
  private pass(first: number): void {
    const shown = this._shown;
    if (!shown) {
      return;
    }
    for (let i = first; i < this._lines.length; i++) {
      const grave = (this._levels[i] ?? Level.None) >= this._least;
      if (grave && (this._lines[i] ?? '').toLowerCase().includes(this._text)) {
        shown.push(i);
      }
    }
  }

  private index(at: number): number {
    return this._shown ? (this._shown[at] ?? -1) : at;
  }

  /** Begins to read where there is a new channel. */
  private look(): void {
    const channel = this.source.current;
    if (channel !== this._channel) {
      this._reading.abort(); // the channel before may go on for others
      this._reading = new AbortController();
      this._channel = channel;
      if (channel) {
        void this.read(channel, this._reading.signal);
      }
      this._changed.emit();
    }
  }

  private async read(channel: Channel, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        const after = { file: this._place.file, offset: this._place.offset };
        const part = await channel.ask('log', { after, profile: this._profile }, decodeLogPart, signal);
        if (isOver()) {
          return;
        }
        this.add(part);
      } catch (why) {
        if (!(why instanceof Closed) && !isOver()) {
          this._failed = why instanceof Error ? why.message : String(why);
          this._changed.emit();
        }
        return;
      }
    }
  }

  /** Why the log cannot be read; empty where it can. */
  get failure(): string {
    return this._failed;
  }

  private _lines: string[] = [];
  private _levels: Level[] = [];
  private _shown: number[] | null = null;
  private _text = '';
  private _least = Level.None;
  private _dropped = 0;
  private _left = 0;
  private _failed = '';
  private _place = BEGINNING;
  private _channel: Channel | null = null;
  private _reading = new AbortController();
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
