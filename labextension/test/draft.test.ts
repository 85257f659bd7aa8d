import { describe, expect, it } from 'vitest';
import {
  checkOverride,
  checkValue,
  choicesOf,
  confOf,
  type IDraft,
  review,
  searchOptions,
  switched
} from '../src/draft';
import { bytes, duration, parts } from '../src/format';
import type { IBundle, IOption, IProfile, ISetting } from '../src/protocol';

function option(key: string, value = '', about = ''): IOption {
  return { key, category: 'SQL', default: value, about };
}

function setting(name: string, more: Partial<ISetting>): ISetting {
  return {
    name,
    value: '8',
    origin: '/f:3',
    layer: 'user',
    bundle: '',
    locked: false,
    hidden: false,
    over: [],
    ...more
  };
}

describe('a draft', () => {
  it.each([
    ['true', 'maybe', false],
    ['true', 'FALSE', true],
    ['200', 'many', false],
    ['200', '8', true],
    ['64', '1g', true],
    ['0.6', 'half', false],
    ['10m', '2 GB', true],
    ['128mb', 'large', false],
    ['120s', 'soon', false],
    ['120s', '10min', true],
    ['', 'anything', true],
    ['200', '${PARTITIONS}', true],
    ['200', '', false]
  ])('an option with the default %s may be %s: %s', (sample, value, fine) => {
    expect(checkValue(option('spark.x', sample), value) === null).toBe(fine);
  });

  it('warns of what it overrides', () => {
    const settings = [
      setting('conf.a', {}),
      setting('conf.b', { bundle: 'small' }),
      setting('conf.c', { locked: true }),
      setting('conf.d', { hidden: true })
    ];
    expect(checkOverride(settings, 'a')?.args).toEqual(['8', '/f:3']);
    expect(checkOverride(settings, 'b')?.text).toContain('bundle');
    expect(checkOverride(settings, 'c')?.text).toContain('locked');
    expect(checkOverride(settings, 'd')?.args[0]).toBe('…');
    expect(checkOverride(settings, 'e')).toBeNull();
  });

  it('finds options by any word, keys first', () => {
    const all = [option('spark.a', '', 'how many partitions'), option('spark.sql.shuffle.partitions')];
    expect(
      searchOptions(all, 'partitions', 9)
        .get('SQL')
        ?.map(o => o.key)
    ).toEqual(['spark.sql.shuffle.partitions', 'spark.a']);
    expect(searchOptions(all, 'shuffle Partitions', 9).get('SQL')).toHaveLength(1);
    expect(searchOptions(all, '', 1).get('SQL')).toHaveLength(1);
  });

  it('is a map of its settings', () => {
    expect(
      confOf({
        profile: 'p',
        bundles: null,
        master: '',
        conf: [
          { key: 'a', value: '1' },
          { key: '', value: 'x' }
        ]
      })
    ).toEqual({ a: '1' });
  });
});

describe('bundles', () => {
  const set = (name: string, value: string, bundle = ''): ISetting => setting(name, { value, bundle });
  const bundle = (name: string, on: boolean): IBundle => ({
    name,
    title: '',
    about: '',
    on,
    broken: '',
    settings: []
  });
  const own: IProfile = {
    name: 'p',
    settings: [set('title', 'P'), set('conf.a', '1', 'x'), set('master', 'local[2]')],
    bundles: [bundle('x', true), bundle('y', false)],
    bundlesLocked: ''
  };
  const draft = (more: Partial<IDraft>): IDraft => ({
    profile: 'p',
    bundles: null,
    master: '',
    conf: [],
    ...more
  });

  it('are the profile’s own until one is switched, and again when all is as it was', () => {
    expect(choicesOf(own, draft({})).filter(c => c.isOn)).toMatchObject([{ name: 'x' }]);
    expect(switched(own, draft({}), 'y')).toEqual(['x', 'y']);
    expect(switched(own, draft({}), 'x')).toEqual([]);
    expect(switched(own, draft({ bundles: ['x', 'y'] }), 'y')).toBeNull();
  });

  it('are kept in sight where the profile has no such bundle', () => {
    const stray = draft({ bundles: ['z', 'x'] });
    expect(choicesOf(own, stray).map(c => [c.name, c.isOn, c.bundle !== null])).toEqual([
      ['x', true, true],
      ['y', false, true],
      ['z', true, false]
    ]);
    expect(switched(own, stray, 'z')).toBeNull();
  });

  it('and options, and what they change', () => {
    const chosen = [set('title', 'P'), set('env.B', '2', 'y'), set('master', 'local[2]')];
    const changes = review(
      own.settings,
      chosen,
      draft({
        bundles: ['y'],
        master: 'local[4]',
        conf: [
          { key: 'a', value: '3' },
          { key: 'pass', value: 'hush' }
        ]
      }),
      key => key === 'pass'
    );
    expect(changes).toEqual([
      { what: 'a', before: '1', after: '3', bundle: '' },
      { what: 'env.B', before: '', after: '2', bundle: 'y' },
      { what: 'master', before: 'local[2]', after: 'local[4]', bundle: '' },
      { what: 'pass', before: '', after: '…', bundle: '' }
    ]);
    expect(review(own.settings, own.settings, draft({ master: 'local[2]' }), () => false)).toEqual([]);
  });
});

describe('words for people', () => {
  it.each([
    [0, '0 B'],
    [1536, '1.5 kB'],
    [1073741824, '1.0 GB'],
    [500 * 1048576, '500 MB']
  ])('%d bytes are %s', (n, want) => expect(bytes(n)).toBe(want));

  it.each([
    [7, '7 s'],
    [65, '1 min 5 s'],
    [600, '10 min'],
    [7500, '2 h 5 min']
  ])('%d seconds are %s', (n, want) => expect(duration(n)).toBe(want));

  it('parts code from text', () => {
    expect(parts('add `-f` to it')).toEqual([
      { text: 'add ', code: false },
      { text: '-f', code: true },
      { text: ' to it', code: false }
    ]);
  });
});
