import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { Closed, type Channel } from '../channel';
import type { ILine } from '../links';
import { failureOf } from '../model';
import { decodeNothing, type IStatus } from '../protocol';
import type { IWork } from './messages';

/** When the details of a cell's work are shown: while it runs, or only when asked for. */
export type Unfold = 'open' | 'line';

/** A cell's details unfold by themselves when its work has taken so long, in seconds. */
const LONG = 2;

/** How many works are kept. */
const MOST = 60;

/**
 * What Spark does for the cells of one kernel. Each run of a cell is known by the
 * message id of its request; the kernel also tells to which notebook cell it
 * belongs, and tells all of it again to a page that is loaded again.
 */
export class MonitorModel implements IDisposable {
  constructor(
    private readonly line: ILine,
    private readonly unfold: Unfold
  ) {
    line.changed.connect(this.relink, this);
    line.want('monitor', true);
    this.relink();
  }

  /** Something has changed for a notebook cell; for all where it is empty. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** How the kernel stands to Spark; null where it cannot be reached. */
  get status(): IStatus | null {
    return this._channel?.told?.status ?? null;
  }

  /** Why the last cancel was refused, for the cell that it was about; empty for all others. */
  refusal(work: IWork): string {
    return this._refused?.cell === work.cell ? this._refused.why : '';
  }

  /** The work of all cells, the newest first. */
  get works(): IWork[] {
    return [...this._works.values()].sort((a, b) => Date.parse(b.began) - Date.parse(a.began));
  }

  /** Those that run now. */
  get running(): IWork[] {
    return this.works.filter(w => w.state === 'running');
  }

  /** The last work of a notebook cell, unless a person has cleared it away. */
  ofCell(cellId: string): IWork | null {
    const work = this.works.find(w => w.cellId === cellId);
    return work && !this._cleared.has(work.cell) ? work : null;
  }

  /** The outputs of a notebook cell were cleared: what has ended goes with them. */
  clear(cellId: string): void {
    const work = this.ofCell(cellId);
    if (work && work.state !== 'running') {
      this._cleared.add(work.cell);
      this._changed.emit(cellId);
    }
  }

  /** Whether the details are shown: as a person chose, else while it runs. */
  isOpen(work: IWork): boolean {
    const chosen = this._chosen.get(work.cell);
    return chosen ?? (this.unfold === 'open' && work.state === 'running' && work.seconds >= LONG);
  }

  toggle(work: IWork): void {
    this._chosen.set(work.cell, !this.isOpen(work));
    this._changed.emit(work.cellId);
  }

  /** Interrupts one cell, and all that Spark does for it. */
  cancel(work: IWork): Promise<void> {
    return this.order(work, 'cancel_cell', { cell: work.cell });
  }

  cancelOperation(work: IWork, operation: string): Promise<void> {
    return this.order(work, 'cancel', { operation });
  }

  /** Ends one job; what waits for it fails. */
  cancelJob(work: IWork, job: number): Promise<void> {
    return this.order(work, 'cancel_job', { job });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      this.line.dispose();
      Signal.clearData(this);
    }
  }

  private relink(): void {
    const channel = this.line.channel;
    if (channel !== this._channel) {
      this._channel?.work.disconnect(this.hear, this);
      this._channel?.status.disconnect(this.hearStatus, this);
      this._channel = channel;
      this._works.clear(); // a kernel that was started anew knows nothing of them
      channel?.work.connect(this.hear, this);
      channel?.status.connect(this.hearStatus, this);
    }
    this._changed.emit('');
  }

  private hear(_: Channel, work: IWork): void {
    if (work.state === 'gone') {
      this._works.delete(work.cell);
      this._chosen.delete(work.cell);
      this._cleared.delete(work.cell);
    } else {
      this._works.set(work.cell, work);
      this.drop();
    }
    this._changed.emit(work.cellId);
  }

  /** Keeps the page small: of the oldest works there is the line in the output. */
  private drop(): void {
    for (const old of this.works.slice(MOST).filter(w => w.state !== 'running')) {
      this._works.delete(old.cell);
      this._changed.emit(old.cellId);
    }
  }

  private hearStatus(): void {
    this._changed.emit('');
  }

  private async order(work: IWork, request: string, params: Record<string, string | number>): Promise<void> {
    this._refused = null;
    try {
      const channel = this.line.channel;
      if (!channel) {
        throw new Closed();
      }
      await channel.ask(request, params, decodeNothing);
    } catch (why) {
      this._refused = { cell: work.cell, why: failureOf(why).message };
    }
    this._changed.emit('');
  }

  private _channel: Channel | null = null;
  private _refused: { cell: string; why: string } | null = null;
  private _isDisposed = false;
  private readonly _works = new Map<string, IWork>();
  private readonly _chosen = new Map<string, boolean>();
  private readonly _cleared = new Set<string>();
  private readonly _changed = new Signal<this, string>(this);
}
