import { describe, expect, it } from 'vitest';
import type { IDraft } from '../src/draft';
import { decodeDraft, differences, encodeDraft } from '../src/stored';

const draft: IDraft = {
  profile: 'cluster',
  bundles: ['lake'],
  master: '',
  conf: [
    { key: 'spark.sql.shuffle.partitions', value: '8' },
    { key: 'spark.hadoop.fs.s3a.secret.key', value: 'hush' },
    { key: '', value: 'half written' }
  ]
};

describe('a configuration in a notebook', () => {
  it('comes back as it was, without secrets', () => {
    const encoded = encodeDraft(draft);
    expect(JSON.stringify(encoded)).not.toContain('hush');
    expect(decodeDraft(encoded)).toEqual({
      profile: 'cluster',
      bundles: ['lake'],
      master: '',
      conf: [{ key: 'spark.sql.shuffle.partitions', value: '8' }]
    });
  });

  it.each([undefined, null, 7, 'text', [], {}, { version: 2, profile: 'x' }, { version: 1, profile: 3 }])(
    'is none where the metadata hold %j',
    value => {
      expect(decodeDraft(value)).toBeNull();
    }
  );

  it('is read as far as it makes sense', () => {
    const read = decodeDraft({ version: 1, profile: 'p', bundles: 'x', master: 5, conf: { a: '1', b: 2 } });
    expect(read).toEqual({ profile: 'p', bundles: null, master: '', conf: [{ key: 'a', value: '1' }] });
  });

  it('differs in what people see', () => {
    const now: IDraft = {
      profile: 'cluster',
      bundles: [],
      master: 'local[2]',
      conf: [{ key: 'spark.x', value: '1' }]
    };
    expect(differences(draft, now)).toEqual([
      { what: 'bundles', stored: 'lake', now: '–' },
      { what: 'master', stored: '', now: 'local[2]' },
      { what: 'spark.sql.shuffle.partitions', stored: '8', now: '' },
      { what: 'spark.x', stored: '', now: '1' }
    ]);
    expect(differences(draft, draft)).toEqual([]);
  });
});
