import { describe, expect, it } from 'vitest';
import { checkAddress } from '../src/draft';
import type { IOption, ISessionConf } from '../src/protocol';
import { settingRows } from '../src/sessionconf';

const conf: ISessionConf = {
  settings: [
    { key: 'spark.app.name', value: 'gospark', fixed: true, hidden: false },
    { key: 'spark.sql.shuffle.partitions', value: '8', fixed: false, hidden: false }
  ],
  unset: ['spark.sql.ansi.enabled', 'spark.sql.files.maxPartitionNum']
};
const about = (key: string, value: string, words: string): [string, IOption] => [
  key,
  { key, category: 'SQL', default: value, about: words }
];
const catalogue = new Map([
  about('spark.sql.ansi.enabled', 'true', 'Errors in place of partitions that are NULL.'),
  about('spark.sql.shuffle.partitions', '200', 'How many.')
]);

function rows(text: string): string[] {
  return settingRows(conf, catalogue, text).map(r => `${r.key}=${r.value} ${r.state}`);
}

describe('the settings of a session', () => {
  it('are those with a value, what can be changed first', () => {
    expect(rows('')).toEqual(['spark.sql.shuffle.partitions=8 set', 'spark.app.name=gospark fixed']);
  });

  it('are found by their keys, then by what is said of them, with their defaults', () => {
    expect(rows('PARTITION')).toEqual([
      'spark.sql.shuffle.partitions=8 set',
      'spark.sql.files.maxPartitionNum= default',
      'spark.sql.ansi.enabled=true default'
    ]);
    expect(rows('no such thing')).toEqual([]);
  });

  it('may have any key', () => {
    expect(rows('my.key')).toEqual(['my.key= default']);
    expect(rows('spark.sql.ansi')).toEqual(['spark.sql.ansi.enabled=true default']);
  });
});

describe('the address of a server', () => {
  it.each([
    ['sc://far:15002', true],
    ['sc://far', true],
    ['sc://far:443/;use_ssl=true', true],
    ['far:15002', false],
    ['sc://', false],
    ['http://far', false],
    ['sc://far:1/path', false]
  ])('%s: %s', (address, fine) => expect(checkAddress(address) === null).toBe(fine));
});
