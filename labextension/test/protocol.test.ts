import { describe, expect, it } from 'vitest';
import * as protocol from '../src/protocol';
import { fixture, fixtureNames } from './fixtures';

function result(name: string): unknown {
  const message = protocol.decodeMessage(fixture(name));
  return message.kind === 'result' ? message.result : undefined;
}

describe('the messages of docs/comm.md', () => {
  it('are all understood', () => {
    for (const name of fixtureNames().filter(n => !n.startsWith('request_'))) {
      expect(protocol.decodeMessage(fixture(name)).kind, name).not.toBe('none');
    }
  });

  it('tell the status', () => {
    const message = protocol.decodeMessage(fixture('status_shared'));
    expect(message).toMatchObject({
      kind: 'status',
      status: { state: 'ready', server: { master: 'local[*]', differs: ['spark.sql.shuffle.partitions'] } }
    });
    expect(protocol.decodeMessage(fixture('status_lost'))).toMatchObject({
      status: { state: 'lost', failure: { message: 'it was killed', inUse: [] }, server: null }
    });
    expect(protocol.decodeMessage(fixture('status_connecting'))).toMatchObject({
      status: { state: 'connecting', phases: [{ text: 'Connecting to Spark' }] }
    });
  });

  it('tell the servers and what they do', () => {
    const report = protocol.decodeReport(result('answer_report'));
    expect(report.servers.map(s => [s.profile, s.state, s.mine, s.idle])).toEqual([
      ['cluster', 'starting', false, -1],
      ['default', 'ready', true, 600],
      ['far', 'elsewhere', false, 0],
      ['large', 'failed', false, 0],
      ['small', 'stopped', false, 0]
    ]);
    expect(report.servers[3]).toMatchObject({
      why: "the heap is larger than the machine's memory",
      started: ''
    });
    expect(report.servers[1]?.clients.map(c => c.name)).toEqual(['a.ipynb', 'b.ipynb']);
    expect(report.operations[0]).toMatchObject({ about: 'collect', tasks: 8, done: 3, mine: true });
    expect(report.operations[1]?.mine).toBe(false);
  });

  it('tell profiles, settings and options', () => {
    expect(protocol.decodeProfiles(result('answer_profiles')).profiles.map(p => p.title)).toEqual([
      '',
      '',
      'Two cores'
    ]);
    const profile = protocol.decodeProfile(result('answer_profile'));
    expect(profile.settings.find(s => s.hidden)?.value).toBe('(hidden)');
    expect(profile.bundles[0]).toMatchObject({ title: 'The lake', about: 'Its catalog and key', on: false });
    expect(profile.bundles[0]?.settings[0]?.name).toBe('conf.spark.sql.ansi.enabled');
    const other = protocol.decodeProfile(result('answer_profile_bundles'));
    expect(other.settings.filter(s => s.bundle === 'lake')).toHaveLength(2);
    expect(protocol.decodeOptions(result('answer_options'))[0]?.default).toBe('200');
    expect(protocol.decodeConf(result('answer_conf'))).toMatchObject({
      settings: [
        { key: 'spark.app.name', value: 'gospark', fixed: true, hidden: false },
        {},
        { fixed: false }
      ],
      unset: ['spark.sql.ansi.enabled']
    });
    expect(protocol.decodeUnknown(result('answer_set_conf'))).toEqual(['spark.sql.anssi']);
    expect(protocol.decodeStopped(result('answer_cancel'))).toEqual(['OPERATION']);
  });

  it('are left alone where they are of another version, or nonsense', () => {
    for (const odd of [null, 7, 'x', [], {}, { version: 2, event: 'status' }, { version: 1 }]) {
      expect(protocol.decodeMessage(odd)).toEqual({ kind: 'none' });
    }
    expect(protocol.decodeStatus({ state: 'dancing', phases: 7, running: '3' })).toMatchObject({
      state: 'detached',
      phases: [],
      running: 0
    });
  });
});
