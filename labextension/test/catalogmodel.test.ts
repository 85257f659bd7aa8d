import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { CatalogModel } from '../src/catalogmodel';
import { decodeEntries, decodePreview, isTable } from '../src/catalogprotocol';
import { Channel } from '../src/channel';
import { decodeStatus, type IStatus } from '../src/protocol';
import { answer, fixture, Wire } from './fixtures';

function result(name: string): unknown {
  return (fixture(name) as { result: unknown }).result;
}

/** A kernel that answers each request from a fixture, by what is asked. */
class Source {
  readonly changed = new Signal<this, void>(this);
  readonly wire = new Wire();
  readonly current = new Channel(this.wire);
  status: IStatus | null = null;

  ready(session = 'S'): void {
    this.status = { ...decodeStatus({ state: 'ready' }), session };
    this.changed.emit();
  }

  /** Answers the oldest request that was not answered. */
  tell(entries: object[], more: object = {}): string {
    const request = this.wire.sent[this._answered++];
    this.wire.onMessage({ version: 1, id: request?.id, result: { entries, ...more } });
    return `${request?.request as string} ${JSON.stringify(request?.params)}`;
  }

  private _answered = 0;
}

const root = [
  { name: 'spark_catalog', kind: 'catalog', path: ['spark_catalog'], sql: 'spark_catalog', current: true },
  { name: 'recent', kind: 'temporary view', sql: 'recent' }
];
const schemas = [
  { name: 'default', kind: 'schema', path: ['spark_catalog', 'default'], sql: 'default', current: true },
  { name: 'other', kind: 'schema', path: ['spark_catalog', 'other'], sql: 'other' }
];
const tables = [{ name: 'flights', kind: 'table', sql: 'default.flights' }];

function names(model: CatalogModel): string[] {
  return model.rows.map(one => `${'-'.repeat(one.level)}${one.entry?.name ?? 'temporary'}`);
}

async function opened(): Promise<{ source: Source; model: CatalogModel }> {
  const source = new Source();
  const model = new CatalogModel(source);
  model.watch(true);
  source.ready();
  expect(source.tell(root)).toBe('catalog {}');
  await expect.poll(() => source.wire.sent.length).toBe(2);
  expect(source.tell(schemas)).toBe('catalog {"path":["spark_catalog"]}');
  await expect.poll(() => source.wire.sent.length).toBe(3);
  source.tell(tables);
  await expect.poll(() => model.rows.length).toBe(6);
  return { source, model };
}

describe('the catalog’s messages', () => {
  it('are told apart by their kind', () => {
    const told = decodeEntries(result('answer_catalog'));
    expect(told.entries.map(e => e.kind)).toEqual([
      'catalog',
      'schema',
      'table',
      'view',
      'temporary view',
      'global temporary view'
    ]);
    expect([told.left, told.entries[3]?.sql, told.entries[0]?.current]).toEqual([
      12,
      'default.`odd name`',
      true
    ]);
    expect(decodeEntries(result('answer_columns')).entries.map(e => e.type)).toEqual([
      'string',
      'struct<a:int>'
    ]);
    expect(decodeEntries(result('answer_search_catalog'))).toMatchObject({ unseen: 3 });
    expect(decodePreview(result('answer_preview'))['text/plain']).toBe('1');
    expect([isTable('view'), isTable('column'), isTable('schema')]).toEqual([true, false, false]);
  });

  it('are asked as docs/comm.md says', () => {
    const wire = new Wire();
    const channel = new Channel(wire);
    const given = new AbortController();
    const asked: [string, object][] = [
      ['catalog', { path: ['spark_catalog', 'default'] }],
      ['columns', { table: 'default.flights' }],
      ['search_catalog', { text: 'fli' }],
      ['preview', { table: 'default.`odd name`' }]
    ];
    for (const [request, params] of asked) {
      void channel.ask(request, { ...params }, () => undefined, given.signal).catch(() => undefined);
      expect({ ...wire.last, id: '7' }).toEqual(fixture(`request_${request}`));
    }
    wire.onMessage(answer('answer_catalog', '1'));
    given.abort(); // the first one is answered already
    expect(wire.sent.slice(4).map(m => m.params)).toEqual([{ id: '2' }, { id: '3' }, { id: '4' }]);
    expect({ ...wire.last, id: '7', params: { id: '6' } }).toEqual(fixture('request_cancel_request'));
  });
});

describe('the tree', () => {
  it('asks nothing without a session, or while nobody looks', () => {
    const source = new Source();
    const model = new CatalogModel(source);
    model.watch(true);
    expect([model.connected, source.wire.sent.length]).toEqual([false, 0]);
    model.watch(false);
    source.ready();
    expect([model.connected, source.wire.sent.length]).toEqual([true, 0]);
    model.watch(true);
    expect(source.wire.last).toMatchObject({ request: 'catalog', params: {} });
  });

  it('opens where names without a catalog are looked for, and the rest when it is asked', async () => {
    const { source, model } = await opened();
    expect(names(model)).toEqual([
      '-spark_catalog',
      '--default',
      '---flights',
      '--other',
      '-temporary',
      '--recent'
    ]);
    const flights = model.rows[2];
    model.select(flights ?? null);
    model.enter();
    expect(model.rows[2]?.loading).toBe(true);
    expect(source.tell([{ name: 'carrier', kind: 'column', sql: 'carrier', type: 'string' }])).toBe(
      'columns {"table":"default.flights"}'
    );
    await expect.poll(() => names(model)[3]).toBe('----carrier');
    model.enter();
    expect(model.selected?.entry?.name).toBe('carrier');
    model.leave();
    model.leave();
    expect([model.selected?.entry?.name, names(model)[3]]).toEqual(['flights', '--other']);
    model.leave();
    expect(model.selected?.entry?.name).toBe('default');
    model.step(100);
    expect(model.selected?.entry?.name).toBe('recent');
    model.step(-100);
    expect(model.selected?.entry?.name).toBe('spark_catalog');
  });

  it('is read anew when the kernel says so, and keeps what is open', async () => {
    const { source, model } = await opened();
    source.wire.onMessage(fixture('event_catalog'));
    await expect.poll(() => source.wire.sent.length).toBe(4);
    source.tell(root.slice(0, 1));
    await expect.poll(() => source.wire.sent.length).toBe(5);
    source.tell(schemas);
    await expect.poll(() => source.wire.sent.length).toBe(6);
    source.tell([{ name: 'newer', kind: 'table', sql: 'default.newer' }]);
    await expect.poll(() => names(model)).toEqual(['-spark_catalog', '--default', '---newer', '--other']);
    model.watch(false);
    source.wire.onMessage(fixture('event_catalog'));
    expect(source.wire.sent.length).toBe(6);
    model.watch(true);
    expect(source.wire.sent.length).toBe(7);
  });

  it('drops what was told of another session', async () => {
    const { source, model } = await opened();
    source.ready('T');
    expect(model.rows).toEqual([]);
    source.tell(root.slice(1));
    await expect.poll(() => names(model)).toEqual(['-temporary', '--recent']);
    source.status = null;
    source.changed.emit();
    expect([model.connected, model.rows.length]).toEqual([false, 0]);
  });

  it('searches, and says what was not read', async () => {
    const { source, model } = await opened();
    model.search('f');
    expect(model.text).toBe('');
    model.search('fli');
    expect(source.tell(tables, { unseen: 3 })).toBe('search_catalog {"text":"fli"}');
    await expect.poll(() => names(model)).toEqual(['-flights']);
    expect(model.unseen).toBe(3);
    model.search('');
    expect(model.rows.length).toBe(6);
  });

  it('says what failed, and tries again', async () => {
    const { source, model } = await opened();
    const other = model.rows[3];
    if (other) {
      model.toggle(other);
    }
    source.wire.onMessage(answer('answer_error', source.wire.last.id));
    await expect.poll(() => model.rows[3]?.failure).toContain('use the server');
    const again = model.rows[3];
    if (again) {
      model.toggle(again);
      model.toggle(again);
    }
    expect(source.wire.last).toMatchObject({ params: { path: ['spark_catalog', 'other'] } });
  });
});
