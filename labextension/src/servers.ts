import type { TranslationBundle } from '@jupyterlab/translation';
import { bytes, clock } from './format';
import type { IProfileServer, ServerState } from './protocol';

/** The state in a word. */
export function serverWord(state: ServerState, trans: TranslationBundle): string {
  switch (state) {
    case 'ready':
      return trans.__('running');
    case 'starting':
      return trans.__('starting');
    case 'failed':
      return trans.__('failed');
    case 'elsewhere':
      return trans.__('elsewhere');
    case 'stopped':
      return trans.__('stopped');
  }
}

/** What is known of a server, as far as it fits its state. */
export function serverFacts(server: IProfileServer, now: number, trans: TranslationBundle): string[] {
  const isReady = server.state === 'ready';
  const since = Date.parse(server.ended || server.started) || 0;
  return [
    server.master,
    isReady ? `Spark ${server.spark}` : '',
    isReady ? trans.__('port %1', server.address.split(':').pop() ?? '') : server.address,
    isReady ? trans._n('%1 session', '%1 sessions', server.clients.length) : '',
    server.memory ? bytes(server.memory) : '',
    since ? trans.__('since %1', clock(since, now)) : ''
  ].filter(Boolean);
}
