import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { IWork } from './monitor/messages';
import { decodeMessage, type IFailure, type IReport, type IStatus, VERSION } from './protocol';

/** One open comm, as far as a {@link Channel} needs it. */
export interface IWire {
  send(data: JSONObject): void;
  close(): void;
  onMessage: (data: unknown) => void;
  onClosed: () => void;
}

/** A request that the kernel refused, with the words for people. */
export class Refused extends Error {
  constructor(readonly failure: IFailure) {
    super(failure.message);
    this.name = 'Refused';
  }
}

/** The channel was closed before the kernel answered: it restarts or has ended. */
export class Closed extends Error {
  constructor() {
    super('the kernel has closed the comm');
    this.name = 'Closed';
  }
}

interface IWaiting {
  resolve: (result: unknown) => void;
  reject: (why: Error) => void;
}

/**
 * Requests and pushed events on one comm. It lives as long as the comm does.
 */
export class Channel implements IDisposable {
  constructor(private readonly wire: IWire) {
    wire.onMessage = data => this.hear(data);
    wire.onClosed = () => this.dispose();
  }

  get status(): ISignal<this, IStatus> {
    return this._status;
  }

  /** The last status, and when it came by this page's clock; null before the first. */
  get told(): { readonly status: IStatus; readonly time: number } | null {
    return this._told;
  }

  get report(): ISignal<this, IReport> {
    return this._report;
  }

  /** What was told of the catalog may hold no longer. */
  get catalog(): ISignal<this, void> {
    return this._catalog;
  }

  /** What Spark does for one cell; told after the request `monitor`. */
  get work(): ISignal<this, IWork> {
    return this._work;
  }

  get closed(): ISignal<this, void> {
    return this._closed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Asks, and decodes the result; rejects with {@link Refused} or {@link Closed}. The kernel gives the work up when the
   * signal is aborted, and answers with what came of it.
   */
  async ask<T>(
    request: string,
    params: JSONObject,
    decode: (result: unknown) => T,
    signal?: AbortSignal
  ): Promise<T> {
    if (this._isDisposed) {
      throw new Closed();
    }
    const id = String(++this._count);
    const answer = new Promise<unknown>((resolve, reject) => {
      this._waiting.set(id, { resolve, reject });
    });
    this.wire.send({ version: VERSION, id, request, params });
    signal?.addEventListener('abort', () => this.cancel(id), { once: true });
    return decode(await answer);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const one of this._waiting.values()) {
      one.reject(new Closed());
    }
    this._waiting.clear();
    this.wire.close();
    this._closed.emit();
    Signal.clearData(this);
  }

  private cancel(id: string): void {
    if (this._waiting.has(id)) {
      this.ask('cancel_request', { id }, () => undefined).catch(() => undefined);
    }
  }

  private hear(data: unknown): void {
    const message = decodeMessage(data);
    switch (message.kind) {
      case 'status':
        this._told = { status: message.status, time: Date.now() };
        this._status.emit(message.status);
        break;
      case 'report':
        this._report.emit(message.report);
        break;
      case 'catalog':
        this._catalog.emit();
        break;
      case 'work':
        this._work.emit(message.work);
        break;
      case 'result':
        this.take(message.id)?.resolve(message.result);
        break;
      case 'error':
        this.take(message.id)?.reject(new Refused(message.error));
        break;
      case 'none':
        break;
    }
  }

  private take(id: string): IWaiting | undefined {
    const one = this._waiting.get(id);
    this._waiting.delete(id);
    return one;
  }

  private _count = 0;
  private _isDisposed = false;
  private _told: { readonly status: IStatus; readonly time: number } | null = null;
  private readonly _waiting = new Map<string, IWaiting>();
  private readonly _status = new Signal<this, IStatus>(this);
  private readonly _report = new Signal<this, IReport>(this);
  private readonly _catalog = new Signal<this, void>(this);
  private readonly _work = new Signal<this, IWork>(this);
  private readonly _closed = new Signal<this, void>(this);
}
