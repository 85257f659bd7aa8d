import * as React from 'react';
import type { IChange } from '../draft';
import { useScope } from './context';
import { Key, Section } from './parts';

/** What a start would change of the profile as its files have it. */
export function Review(props: { changes: readonly IChange[] }): React.JSX.Element {
  const { trans } = useScope();
  const { changes } = props;
  return (
    <Section title={trans.__('Review')} note={String(changes.length || '')}>
      {changes.length === 0 ? (
        <p className="gs-empty">{trans.__('Everything is as the profile has it.')}</p>
      ) : null}
      <ul className="gs-Differences">
        {changes.map(c => (
          <li key={c.what}>
            <Key name={c.what} /> <del>{c.before || trans.__('nothing')}</del> →{' '}
            <ins>{c.after || trans.__('nothing')}</ins>
            {c.bundle ? <span className="gs-about"> {trans.__('bundle %1', c.bundle)}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
