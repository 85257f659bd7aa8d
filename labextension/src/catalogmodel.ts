import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { decodeEntries, type IEntries, type IEntry, isTable } from './catalogprotocol';
import { type Channel, Closed } from './channel';
import { failureOf } from './model';
import type { IStatus } from './protocol';

/** Whom the tree asks: it never makes a kernel or a session for that. */
export interface ICatalogSource {
  readonly changed: ISignal<ICatalogSource, void>;
  readonly status: IStatus | null;
  readonly current: Channel | null;
}

/** One line of the tree. What is above temporary views has no entry of the kernel's. */
export interface INode {
  readonly key: string;
  readonly level: number;
  readonly entry: IEntry | null;
  readonly parent: INode | null;
  /** Null until they were asked for. */
  children: INode[] | null;
  left: number;
  open: boolean;
  loading: boolean;
  failure: string;
  /** Counts the questions: a late answer to an earlier one is dropped. */
  asked: number;
}

function node(parent: INode | null, entry: IEntry | null, key: string): INode {
  const level = parent ? parent.level + 1 : 0;
  return {
    key: parent ? `${parent.key}/${key}` : key,
    level,
    entry,
    parent,
    children: null,
    left: 0,
    open: false,
    loading: false,
    failure: '',
    asked: 0
  };
}

/** Whether there may be something below it. */
export function isOpenable(one: INode): boolean {
  return one.entry?.kind !== 'column';
}

/** The shortest text that is searched for. */
export const SHORTEST = 2;

/**
 * The tree of catalogs, schemas, tables and columns, read where it is opened, and
 * the search in it. When the kernel says that it has changed, what is open is
 * read anew: at once in sight, else when it is seen again.
 */
export class CatalogModel implements IDisposable {
  constructor(private readonly source: ICatalogSource) {
    source.changed.connect(this.look, this);
    this.look();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether there is a session to ask. */
  get connected(): boolean {
    return this._session !== '';
  }

  /** What is in sight of the tree, or of what was found, from top to bottom. */
  get rows(): readonly INode[] {
    const rows: INode[] = [];
    const add = (one: INode): void => {
      rows.push(one);
      if (one.open) {
        one.children?.forEach(add);
      }
    };
    (this._text ? this._found : this._root).children?.forEach(add);
    return rows;
  }

  /** The root of what is shown: whether it is being read, and what failed. */
  get root(): INode {
    return this._text ? this._found : this._root;
  }

  get selected(): INode | null {
    return this.rows.find(one => one.key === this._selected) ?? null;
  }

  /** What is searched for; empty for the whole tree. */
  get text(): string {
    return this._text;
  }

  /** In how many schemas the search has not looked. */
  get unseen(): number {
    return this._unseen;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether somebody looks at the tree. */
  watch(on: boolean): void {
    this._seen = on;
    this.update();
  }

  select(one: INode | null): void {
    this._selected = one?.key ?? '';
    this._changed.emit();
  }

  /** Moves the selection by lines; it stays within the tree. */
  step(by: number): void {
    const rows = this.rows;
    const at = rows.findIndex(one => one.key === this._selected);
    this.select(rows[Math.max(0, Math.min(rows.length - 1, at + by))] ?? null);
  }

  /** As the key of the arrow to the right: opens, or goes to what is inside. */
  enter(): void {
    const one = this.selected;
    if (one && isOpenable(one) && !one.open) {
      this.toggle(one);
    } else if (one?.children?.[0]) {
      this.select(one.children[0]);
    }
  }

  /** As the key of the arrow to the left: closes, or goes to what is around. */
  leave(): void {
    const one = this.selected;
    if (one?.open) {
      this.toggle(one);
    } else if (one?.parent && one.parent.level >= 1) {
      this.select(one.parent);
    }
  }

  toggle(one: INode): void {
    if (!isOpenable(one)) {
      return;
    }
    one.open = !one.open;
    if (one.open && (one.children === null || one.failure)) {
      void this.load(one);
    }
    this._changed.emit();
  }

  /** Searches in names; too short a text shows the tree. */
  search(text: string): void {
    const wanted = text.trim().length < SHORTEST ? '' : text.trim();
    if (wanted === this._text) {
      return;
    }
    this._text = wanted;
    this._found = node(null, null, 'found');
    if (wanted) {
      void this.load(this._found);
    }
    this._changed.emit();
  }

  /** Has the kernel forget what it knows, too: others may have changed tables. */
  async refresh(): Promise<void> {
    await this.source.current?.ask('refresh_catalog', {}, () => undefined).catch(() => undefined);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private look(): void {
    const channel = this.source.current;
    if (channel !== this._channel) {
      this._channel?.catalog.disconnect(this.forget, this);
      this._channel = channel;
      channel?.catalog.connect(this.forget, this);
    }
    const status = this.source.status;
    const session = channel && status?.state === 'ready' ? status.session : '';
    if (session !== this._session) {
      this._session = session;
      this._root = node(null, null, 'root');
      this._found = node(null, null, 'found');
      this._stale = true;
      this.update();
      this._changed.emit();
    }
  }

  private forget(): void {
    this._stale = true;
    this.update();
  }

  /** Reads what is open anew, when it is wanted. */
  private update(): void {
    if (this._stale && this._seen && this.connected) {
      this._stale = false;
      void this.load(this._root);
      if (this._text) {
        void this.load(this._found);
      }
    }
  }

  /** Reads what is below a node, and below those in it that are open. */
  private async load(parent: INode): Promise<void> {
    const asked = ++parent.asked;
    const session = this._session;
    parent.loading = true;
    this._changed.emit();
    let told: IEntries = { entries: [], left: 0, unseen: 0 };
    let failure = '';
    try {
      told = await this.ask(parent);
    } catch (why) {
      failure = failureOf(why).message;
    }
    if (this._isDisposed || parent.asked !== asked || session !== this._session) {
      return;
    }
    parent.loading = false;
    parent.failure = failure;
    if (!failure || parent.children === null) {
      const first = parent.children === null;
      parent.left = told.left;
      this.fill(parent, told.entries, first);
      if (parent === this._found) {
        this._unseen = told.unseen;
      }
      await Promise.all(parent.children?.filter(one => one.open).map(one => this.reload(one)) ?? []);
    }
    this._changed.emit();
  }

  /** What is above temporary views is filled with its parent. */
  private reload(one: INode): Promise<void> {
    return one.entry ? this.load(one) : Promise.resolve();
  }

  /** Puts entries below a node; what is open there stays open. */
  private fill(parent: INode, entries: readonly IEntry[], first: boolean): void {
    const old = new Map(parent.children?.map(one => [one.key, one]));
    const make = (under: INode, entry: IEntry): INode => {
      const fresh = node(under, entry, `${entry.kind}:${entry.path.join('.')}:${entry.table}:${entry.name}`);
      const before = old.get(fresh.key);
      if (before) {
        Object.assign(fresh, {
          open: before.open,
          children: before.children,
          left: before.left,
          asked: before.asked
        });
      } else if (first && parent === this._root && entry.current) {
        fresh.open = true;
      } else if (first && entry.current && entry.kind === 'schema') {
        fresh.open = true;
      }
      return fresh;
    };
    const temporary = entries.filter(one => one.kind.includes('temporary'));
    if (parent !== this._root) {
      parent.children = entries.map(one => make(parent, one));
      return;
    }
    parent.children = entries.filter(one => !one.kind.includes('temporary')).map(one => make(parent, one));
    if (temporary.length > 0) {
      const group = node(parent, null, 'temporary');
      const before = old.get(group.key);
      group.open = before?.open ?? true;
      before?.children?.forEach(one => old.set(one.key, one));
      group.children = temporary.map(one => make(group, one));
      parent.children.push(group);
      void Promise.all(group.children.filter(one => one.open).map(one => this.load(one)));
    }
  }

  private ask(parent: INode): Promise<IEntries> {
    const channel = this._channel;
    if (!channel) {
      return Promise.reject(new Closed());
    }
    const ask = (request: string, params: JSONObject): Promise<IEntries> =>
      channel.ask(request, params, decodeEntries);
    if (parent === this._found) {
      return ask('search_catalog', { text: this._text });
    }
    const entry = parent.entry;
    if (entry && isTable(entry.kind)) {
      return ask('columns', { table: entry.sql });
    }
    return ask('catalog', entry ? { path: entry.path } : {});
  }

  private _root = node(null, null, 'root');
  private _found = node(null, null, 'found');
  private _channel: Channel | null = null;
  private _session = '';
  private _selected = '';
  private _text = '';
  private _unseen = 0;
  private _seen = false;
  private _stale = true;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
