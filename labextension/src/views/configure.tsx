import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { checkAddress, checkOverride, checkValue, choicesOf, type IDraft, review, startOf } from '../draft';
import { failureOf } from '../model';
import type { IFailure, IKeyValue, IProfile, IProfiles, ISetting } from '../protocol';
import { isSecret } from '../stored';
import { Bundles } from './bundles';
import { useScope } from './context';
import { OptionSearch, useCatalogue } from './options';
import { Button, FailureBox, Key, Section } from './parts';
import { Review } from './review';
import { Stored } from './stored';

/** Chooses what to start: a profile, its bundles, a master, options over the profile's. */
export function Configure(props: { onBack: () => void }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const { store } = actions;
  const [profiles, setProfiles] = React.useState<IProfiles | null>(null);
  const [failure, setFailure] = React.useState<IFailure | null>(null);
  const [draft, setDraft] = React.useState<IDraft>(
    () => store?.read() ?? { profile: '', bundles: null, master: '', conf: [] }
  );
  const wanted = model.status?.profile;
  React.useEffect(() => {
    let there = true;
    model.profiles().then(
      all => {
        if (there) {
          setProfiles(all);
          setDraft(d => ({ ...d, profile: d.profile || wanted || all.default }));
        }
      },
      (why: unknown) => there && setFailure(failureOf(why))
    );
    return () => {
      there = false;
    };
  }, [model, wanted]);
  const { own, settings } = useProfile(draft);
  if (failure) {
    return <FailureBox failure={failure} />;
  }
  if (!profiles) {
    return <p className="gs-empty">{trans.__('Asking for the profiles…')}</p>;
  }
  const chosen = profiles.profiles.find(p => p.name === draft.profile);
  const remote = chosen?.engine === 'remote';
  const lacks = own ? choicesOf(own, draft).some(c => c.isOn && !c.bundle) : false;
  return (
    <>
      <Section title={trans.__('Profile')}>
        <HTMLSelect
          aria-label={trans.__('Profile')}
          value={draft.profile}
          disabled={profiles.locked !== ''}
          onChange={event => setDraft({ ...draft, profile: event.target.value, bundles: null })}
        >
          {profiles.profiles.map(p => (
            <option key={p.name} value={p.name}>
              {p.title ? `${p.title} (${p.name})` : p.name}
            </option>
          ))}
        </HTMLSelect>
        {profiles.locked ? (
          <p className="gs-hint">{trans.__('An administrator chose it (%1).', profiles.locked)}</p>
        ) : null}
        {chosen?.about ? <p className="gs-hint">{chosen.about}</p> : null}
        {chosen?.broken ? <p className="gs-remark gs-mod-error">{chosen.broken}</p> : null}
        {remote ? (
          <p className="gs-hint">{trans.__('A server elsewhere: %1', chosen.master)}</p>
        ) : (
          <label className="gs-Field">
            <span>{trans.__('Master')}</span>
            <input
              className="jp-mod-styled"
              value={draft.master}
              placeholder={chosen?.master || 'local[*]'}
              spellCheck={false}
              onChange={event => setDraft({ ...draft, master: event.target.value })}
            />
          </label>
        )}
        <Origins settings={settings} />
      </Section>
      {remote || !own ? null : (
        <>
          <Bundles profile={own} draft={draft} onChange={bundles => setDraft({ ...draft, bundles })} />
          <Conf conf={draft.conf} settings={settings} onChange={conf => setDraft({ ...draft, conf })} />
          <Review changes={review(own.settings, settings, draft, isSecret)} />
        </>
      )}
      {store ? <Stored store={store} draft={draft} onUse={setDraft} /> : null}
      <div className="gs-Buttons gs-mod-last">
        <Button
          kind="accept"
          label={remote ? trans.__('Connect') : trans.__('Start')}
          disabled={model.busy || !chosen || chosen.broken !== '' || lacks}
          onClick={() => void model.start(startOf(draft))}
        />
        <Button label={trans.__('Back')} onClick={props.onBack} />
      </div>
      <Elsewhere />
    </>
  );
}

/** Connects to a server that no profile names. */
function Elsewhere(): React.JSX.Element {
  const { model, trans } = useScope();
  const [address, setAddress] = React.useState('');
  const remark = address ? checkAddress(address) : null;
  return (
    <Section title={trans.__('A server elsewhere')}>
      <form
        onSubmit={event => {
          event.preventDefault();
          void model.connect(address);
        }}
      >
        <label className="gs-Field">
          <span>{trans.__('Address')}</span>
          <input
            className="jp-mod-styled"
            value={address}
            placeholder="sc://host:15002"
            spellCheck={false}
            onChange={event => setAddress(event.target.value.trim())}
          />
        </label>
        {remark ? (
          <p className={`gs-remark gs-mod-${remark.kind}`}>{trans.__(remark.text, ...remark.args)}</p>
        ) : null}
        <p className="gs-hint">
          {trans.__(
            'A Spark Connect server that runs already. A token belongs into a profile, which asks a file or a command for it.'
          )}
        </p>
        <div className="gs-Buttons">
          <button
            type="submit"
            className="jp-mod-styled jp-mod-reject gs-Button"
            disabled={model.busy || !address || remark !== null}
          >
            {trans.__('Connect to it')}
          </button>
        </div>
      </form>
    </Section>
  );
}

/** The draft's profile as its files have it, and its settings with the bundles of the draft. */
function useProfile(draft: IDraft): { own: IProfile | null; settings: ISetting[] } {
  const { model } = useScope();
  const [own, setOwn] = React.useState<IProfile | null>(null);
  const [chosen, setChosen] = React.useState<ISetting[] | null>(null);
  const { profile, bundles } = draft;
  React.useEffect(() => {
    let there = true;
    if (profile) {
      model.profile(profile, null).then(
        one => there && setOwn(one),
        () => there && setOwn(null)
      );
    }
    return () => {
      there = false;
    };
  }, [model, profile]);
  React.useEffect(() => {
    let there = true;
    setChosen(null);
    const known = bundles?.filter(b => own?.bundles.some(one => one.name === b));
    if (own && known) {
      model.profile(own.name, known).then(
        one => there && setChosen(one.settings),
        () => undefined // a broken one says so where it is chosen
      );
    }
    return () => {
      there = false;
    };
  }, [model, own, bundles]);
  return { own: own?.name === profile ? own : null, settings: chosen ?? own?.settings ?? [] };
}

/** The profile's settings, each with the file that it comes from. */
function Origins(props: { settings: readonly ISetting[] }): React.JSX.Element | null {
  const { trans } = useScope();
  if (props.settings.length === 0) {
    return null;
  }
  return (
    <details className="gs-Origins">
      <summary>{trans.__('Settings of the profile (%1)', props.settings.length)}</summary>
      <ul>
        {props.settings.map(s => (
          <li key={s.name} title={s.over.length ? trans.__('in place of %1', s.over.join(', ')) : undefined}>
            <Key name={s.name.replace(/^conf\./, '')} />{' '}
            {s.hidden ? <em>{trans.__('hidden')}</em> : <code>{s.value}</code>}
            <span className="gs-about">
              {s.bundle ? trans.__('bundle %1, %2', s.bundle, s.origin) : s.origin}
              {s.locked ? ` · ${trans.__('locked')}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Options over the profile's. */
function Conf(props: {
  conf: readonly IKeyValue[];
  settings: readonly ISetting[];
  onChange: (conf: IKeyValue[]) => void;
}): React.JSX.Element {
  const { trans } = useScope();
  const [searching, setSearching] = React.useState(false);
  const put = (at: number, one: IKeyValue | null): void => {
    const conf = [...props.conf];
    conf.splice(at, 1, ...(one ? [one] : []));
    props.onChange(conf);
  };
  return (
    <Section title={trans.__('Options')}>
      {props.conf.map((one, at) => (
        <Entry key={at} entry={one} settings={props.settings} onChange={changed => put(at, changed)} />
      ))}
      {searching ? (
        <OptionSearch
          onChoose={(key, value) => {
            props.onChange([...props.conf.filter(c => c.key !== key), { key, value }]);
            setSearching(false);
          }}
        />
      ) : null}
      <div className="gs-Buttons">
        <Button
          label={searching ? trans.__('Close the list') : trans.__('Add an option…')}
          onClick={() => setSearching(!searching)}
        />
      </div>
    </Section>
  );
}

/** One option, with what is odd about it. */
function Entry(props: {
  entry: IKeyValue;
  settings: readonly ISetting[];
  onChange: (entry: IKeyValue | null) => void;
}): React.JSX.Element {
  const { trans } = useScope();
  const catalogue = useCatalogue();
  const { key, value } = props.entry;
  const option = catalogue.get(key);
  const remarks = [checkValue(option, value), checkOverride(props.settings, key)];
  return (
    <div className="gs-Entry">
      <label>
        <Key name={key} />
        <input
          className="jp-mod-styled"
          value={value}
          spellCheck={false}
          onChange={event => props.onChange({ key, value: event.target.value })}
        />
      </label>
      <button
        type="button"
        className="gs-close"
        aria-label={trans.__('Remove %1', key)}
        onClick={() => props.onChange(null)}
      >
        ×
      </button>
      {option ? <p className="gs-hint">{option.about}</p> : null}
      {remarks.map(r =>
        r ? (
          <p key={r.text} className={`gs-remark gs-mod-${r.kind}`}>
            {trans.__(r.text, ...r.args)}
          </p>
        ) : null
      )}
    </div>
  );
}
