import { ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { Channel } from '../src/channel';
import { decodeStatus, type IStatus } from '../src/protocol';
import { behindProxy, PagesModel, wayToUI } from '../src/webui';
import * as protocol from '../src/webuiprotocol';
import { answer, fixture, Wire } from './fixtures';

function result(name: string): unknown {
  return (fixture(name) as { result: unknown }).result;
}

/** A Jupyter server that has only some pages. */
function serving(...pages: string[]): { settings: ServerConnection.ISettings; asked: string[] } {
  const asked: string[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://127.0.0.1/user/ada/',
    fetch: (request: RequestInfo | URL) => {
      const url = request instanceof Request ? request.url : request.toString();
      asked.push(url);
      const there = pages.some(page => url.includes(page));
      return Promise.resolve(new Response('', { status: there ? 200 : 404 }));
    }
  });
  return { settings, asked };
}

describe('the way to the Spark Web UI', () => {
  it('leads through jupyter-server-proxy below the base URL', async () => {
    expect(behindProxy('http://127.0.0.1:40125/open/TICKET', '/user/ada/')).toBe(
      '/user/ada/proxy/40125/open/TICKET/'
    );
    const wire = new Wire();
    const { settings, asked } = serving('servers-info', 'proxy/40125/open/TICKET');
    const page = wayToUI(new Channel(wire), settings);
    await expect.poll(() => wire.last.request).toBe('ui');
    wire.onMessage(answer('answer_ui', wire.last.id));
    expect(await page).toEqual({ url: 'http://127.0.0.1/user/ada/proxy/40125/open/TICKET/', proxy: true });
    expect(asked[0]).toContain('/user/ada/server-proxy/servers-info');
  });

  it('is none without jupyter-server-proxy; then no link is made', async () => {
    const wire = new Wire();
    expect(await wayToUI(new Channel(wire), serving().settings)).toEqual({ url: '', proxy: false });
    expect(wire.sent).toEqual([]);
  });

  it('is none where the proxy does not reach the kernel’s machine', async () => {
    const wire = new Wire();
    const page = wayToUI(new Channel(wire), serving('servers-info').settings);
    await expect.poll(() => wire.last.request).toBe('ui');
    wire.onMessage(answer('answer_ui', wire.last.id));
    expect(await page).toEqual({ url: '', proxy: true });
  });
});

describe('the built-in pages', () => {
  it('tell jobs, stages, executors and queries', () => {
    const jobs = protocol.decodeJobs(result('answer_ui_jobs'));
    expect([jobs.left, jobs.all[0]?.mine, jobs.all[1]?.failed, jobs.all[0]?.completed]).toEqual([
      5,
      true,
      1,
      0
    ]);
    expect(jobs.all[1]?.completed).toBe(Date.parse('2026-11-26T07:11:02Z'));
    expect(protocol.decodeStages(result('answer_ui_stages')).all[0]).toMatchObject({
      attempt: 1,
      shuffleRead: 2048
    });
    expect(protocol.decodeExecutors(result('answer_ui_executors')).all[0]).toMatchObject({
      cores: 2,
      active: true
    });
    expect(protocol.decodeQueries(result('answer_ui_queries')).all[0]?.jobs).toEqual([1]);
    expect(protocol.decodeQuery(result('answer_ui_query')).plan).toContain('Physical Plan');
  });

  it('are read a page at a time, and dropped with the session', async () => {
    const wire = new Wire();
    const source = {
      changed: new Signal<object, void>({}),
      current: new Channel(wire),
      status: { ...decodeStatus({ state: 'ready' }), session: 'S' } as IStatus | null
    };
    const model = new PagesModel(source as never);
    model.watch(true);
    expect(wire.last).toMatchObject({ request: 'ui_jobs' });
    wire.onMessage(answer('answer_ui_jobs', wire.last.id));
    await expect.poll(() => model.jobs?.all.length).toBe(2);
    model.show('queries');
    await expect.poll(() => wire.last.request).toBe('ui_queries');
    wire.onMessage(answer('answer_ui_queries', wire.last.id));
    await expect.poll(() => model.queries?.all[0]?.id).toBe(3);
    const open = model.open(3);
    expect({ ...wire.last, id: '7' }).toEqual(fixture('request_ui_query'));
    wire.onMessage(answer('answer_ui_query', wire.last.id));
    await open;
    expect(model.query?.plan).toContain('Range');
    source.status = null;
    source.changed.emit();
    expect([model.query, model.queries]).toEqual([null, null]);
    model.dispose();
  });
});
