import * as React from 'react';
import type { IDraft } from '../draft';
import { differences, type IStore, isSecret } from '../stored';
import { useScope } from './context';
import { Button, Key, Section } from './parts';

/** The configuration that the notebook carries, beside the one that is being made. */
export function Stored(props: {
  store: IStore;
  draft: IDraft;
  onUse: (draft: IDraft) => void;
}): React.JSX.Element {
  const { trans } = useScope();
  const [, redraw] = React.useReducer((n: number) => n + 1, 0);
  const stored = props.store.read();
  const write = (draft: IDraft | null): void => {
    props.store.write(draft);
    redraw();
  };
  const changes = stored ? differences(stored, props.draft) : [];
  const none = (what: string): string =>
    what === 'bundles' ? trans.__('those of the profile') : trans.__('nothing');
  const secrets = props.draft.conf.filter(c => isSecret(c.key)).map(c => c.key);
  return (
    <Section title={trans.__('In the notebook')}>
      {!stored ? (
        <p className="gs-hint">{trans.__('This notebook carries no configuration.')}</p>
      ) : changes.length === 0 ? (
        <p className="gs-hint">{trans.__('This notebook carries this configuration.')}</p>
      ) : (
        <>
          <p className="gs-hint">{trans.__('This notebook carries another configuration:')}</p>
          <ul className="gs-Differences">
            {changes.map(c => (
              <li key={c.what}>
                <Key name={c.what} /> <del>{c.stored || none(c.what)}</del> →{' '}
                <ins>{c.now || none(c.what)}</ins>
              </li>
            ))}
          </ul>
        </>
      )}
      {secrets.length > 0 ? (
        <p className="gs-remark gs-mod-note">
          {trans.__('Not kept in a notebook, since it may be secret: %1', secrets.join(', '))}
        </p>
      ) : null}
      <div className="gs-Buttons">
        {stored && changes.length > 0 ? (
          <Button label={trans.__('Take the notebook’s')} onClick={() => props.onUse(stored)} />
        ) : null}
        {!stored || changes.length > 0 ? (
          <Button
            label={stored ? trans.__('Overwrite it') : trans.__('Keep this one in the notebook')}
            onClick={() => write(props.draft)}
          />
        ) : null}
        {stored ? <Button label={trans.__('Take it out')} onClick={() => write(null)} /> : null}
      </div>
    </Section>
  );
}

/** Says that the notebook wants another server than the one that it is connected to. */
export function StoredElsewhere(props: { profile: string; master: string }): React.JSX.Element | null {
  const { actions, trans } = useScope();
  const stored = actions.store?.read() ?? null;
  if (!stored || (stored.profile === props.profile && (!stored.master || stored.master === props.master))) {
    return null;
  }
  return (
    <p className="gs-remark gs-mod-warning">
      {trans.__(
        'This notebook carries another configuration (profile %1). Disconnect and start to take it.',
        stored.profile
      )}
    </p>
  );
}
