import * as React from 'react';
import { choicesOf, type IChoice, type IDraft, switched } from '../draft';
import type { IProfile } from '../protocol';
import { useScope } from './context';
import { Key, Section } from './parts';

/** The bundles that fit the profile, each with a switch and what it is for. */
export function Bundles(props: {
  profile: IProfile;
  draft: IDraft;
  onChange: (bundles: string[] | null) => void;
}): React.JSX.Element | null {
  const { trans } = useScope();
  const { profile, draft } = props;
  const choices = choicesOf(profile, draft);
  if (choices.length === 0) {
    return null;
  }
  return (
    <Section title={trans.__('Bundles')} note={String(choices.filter(c => c.isOn).length || '')}>
      <ul className="gs-Bundles">
        {choices.map(one => (
          <Choice
            key={one.name}
            choice={one}
            isLocked={profile.bundlesLocked !== ''}
            onSwitch={() => props.onChange(switched(profile, draft, one.name))}
          />
        ))}
      </ul>
      {profile.bundlesLocked ? (
        <p className="gs-hint">{trans.__('An administrator chose them (%1).', profile.bundlesLocked)}</p>
      ) : null}
    </Section>
  );
}

function Choice(props: { choice: IChoice; isLocked: boolean; onSwitch: () => void }): React.JSX.Element {
  const { trans } = useScope();
  const { name, isOn, bundle } = props.choice;
  const settings = bundle?.settings ?? [];
  return (
    <li>
      <label className="gs-check">
        <input
          type="checkbox"
          checked={isOn}
          disabled={(props.isLocked && bundle !== null) || (!isOn && bundle?.broken !== '')}
          onChange={props.onSwitch}
        />
        <span>{bundle?.title || name}</span>
        {bundle?.title ? <span className="gs-about">{name}</span> : null}
      </label>
      {bundle?.about ? <p className="gs-hint">{bundle.about}</p> : null}
      {bundle?.broken ? <p className="gs-remark gs-mod-error">{bundle.broken}</p> : null}
      {!bundle ? (
        <p className="gs-remark gs-mod-error">
          {trans.__('There is no such bundle here, or it does not fit this profile. Switch it off to start.')}
        </p>
      ) : null}
      {settings.length > 0 ? (
        <details>
          <summary>{trans._n('It sets one thing', 'It sets %1 things', settings.length)}</summary>
          <ul className="gs-Origins">
            {settings.map(s => (
              <li key={s.name} title={s.origin}>
                <Key name={s.name.replace(/^conf\./, '')} />{' '}
                {s.hidden ? <em>{trans.__('hidden')}</em> : <code>{s.value}</code>}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  );
}
