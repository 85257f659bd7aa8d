import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Channel, Closed } from './channel';
import { failureOf } from './model';
import type { IStatus } from './protocol';
import * as protocol from './webuiprotocol';

/** An address of the notebook's machine, as this page reaches it through jupyter-server-proxy. */
export function behindProxy(address: string, baseUrl: string): string {
  const { port, pathname } = new URL(address);
  return URLExt.join(baseUrl, 'proxy', port, pathname, '/');
}

/** How this page comes to the Spark Web UI. */
export interface IWay {
  /** Empty where there is no way. */
  url: string;
  /** Whether jupyter-server-proxy is there; it may not reach the kernel's machine. */
  proxy: boolean;
}

/**
 * Looks for the way to the Spark Web UI. The link is used up here: it gives the
 * browser the cookie by which it then leads to the page.
 */
export async function wayToUI(channel: Channel, settings: ServerConnection.ISettings): Promise<IWay> {
  const asks = async (url: string): Promise<boolean> => {
    try {
      return (await ServerConnection.makeRequest(url, { method: 'GET' }, settings)).ok;
    } catch {
      return false;
    }
  };
  if (!(await asks(URLExt.join(settings.baseUrl, 'server-proxy/servers-info')))) {
    return { url: '', proxy: false };
  }
  const address = await channel.ask('ui', {}, protocol.decodeAddress);
  const url = behindProxy(address, settings.baseUrl);
  return { url: (await asks(url)) ? url : '', proxy: true };
}

/** What the pages are about. */
export type Page = 'jobs' | 'stages' | 'executors' | 'queries';

export interface IPages {
  jobs: protocol.INewest<protocol.IJob>;
  stages: protocol.INewest<protocol.IStage>;
  executors: protocol.INewest<protocol.IExecutor>;
  queries: protocol.INewest<protocol.IQuery>;
}

const decoders: { [P in Page]: (value: unknown) => IPages[P] } = {
  jobs: protocol.decodeJobs,
  stages: protocol.decodeStages,
  executors: protocol.decodeExecutors,
  queries: protocol.decodeQueries
};

export interface IPagesSource {
  readonly changed: ISignal<IPagesSource, void>;
  readonly status: IStatus | null;
  readonly current: Channel | null;
}

/** How often a page in sight is read. */
const EVERY = 3000;

/** What Spark's own interface says of its work, a page at a time, read again while somebody looks. */
export class PagesModel implements IDisposable {
  constructor(private readonly source: IPagesSource) {
    source.changed.connect(this.look, this);
    this._session = this.session();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get page(): Page {
    return this._page;
  }

  /** The page that was chosen; null until it was read. */
  get jobs(): IPages['jobs'] | null {
    return this._pages.jobs ?? null;
  }

  get stages(): IPages['stages'] | null {
    return this._pages.stages ?? null;
  }

  get executors(): IPages['executors'] | null {
    return this._pages.executors ?? null;
  }

  get queries(): IPages['queries'] | null {
    return this._pages.queries ?? null;
  }

  /** The query whose plan is open. */
  get query(): protocol.IQuery | null {
    return this._query;
  }

  get failure(): string {
    return this._failure;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  show(page: Page): void {
    this._page = page;
    this._query = null;
    this._changed.emit();
    void this.read();
  }

  /** Whether somebody looks. */
  watch(on: boolean): void {
    window.clearInterval(this._timer);
    if (on) {
      this._timer = window.setInterval(() => void this.read(), EVERY);
      void this.read();
    }
  }

  async open(id: number): Promise<void> {
    await this.try(async channel => {
      this._query = await channel.ask('ui_query', { id }, protocol.decodeQuery);
    });
  }

  close(): void {
    this._query = null;
    this._changed.emit();
  }

  async read(): Promise<void> {
    if (this._reading) {
      return;
    }
    this._reading = true;
    const page = this._page;
    await this.try(channel => this.readPage(page, channel));
    this._reading = false;
    if (page !== this._page) {
      await this.read();
    }
  }

  private async readPage(page: Page, channel: Channel): Promise<void> {
    const told = await channel.ask(`ui_${page}`, {}, value => decoders[page](value));
    this._pages = { ...this._pages, [page]: told };
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearInterval(this._timer);
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private async try(act: (channel: Channel) => Promise<void>): Promise<void> {
    const session = this._session;
    let failure = '';
    try {
      const channel = this.source.current;
      if (!channel) {
        throw new Closed();
      }
      await act(channel);
    } catch (why) {
      failure = failureOf(why).message;
    }
    if (session === this._session && !this._isDisposed) {
      this._failure = failure;
      this._changed.emit();
    }
  }

  private session(): string {
    const status = this.source.status;
    return status?.state === 'ready' ? status.session : '';
  }

  private look(): void {
    const session = this.session();
    if (session !== this._session) {
      this._session = session;
      this._pages = {};
      this._query = null;
      void this.read();
    }
  }

  private _page: Page = 'jobs';
  private _pages: Partial<IPages> = {};
  private _query: protocol.IQuery | null = null;
  private _failure = '';
  private _session: string;
  private _reading = false;
  private _timer = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
