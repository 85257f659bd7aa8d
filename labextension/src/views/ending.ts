import type { IClient } from '../protocol';
import { useScope } from './context';

/** Stops or restarts a server once a person who knows whom else it affects says so; the one in use where no profile is named. */
export type Ending = (
  what: 'stop' | 'restart',
  clients: readonly IClient[],
  profile?: string
) => Promise<void>;

export function useEnding(): Ending {
  const { model, actions, trans } = useScope();
  return async (what, clients, profile = '') => {
    const others = clients.filter(c => !c.mine).map(c => c.name);
    const isStop = what === 'stop';
    const title = profile
      ? isStop
        ? trans.__('Stop the Spark server of %1?', profile)
        : trans.__('Restart the Spark server of %1?', profile)
      : isStop
        ? trans.__('Stop the Spark server?')
        : trans.__('Restart the Spark server?');
    const lines = [
      profile ? '' : trans.__('Temporary views and settings of this notebook’s session end with it.'),
      ...(others.length > 0
        ? [
            trans.__('Others use this server, and lose their sessions, too:'),
            ...others.map(name => `• ${name}`)
          ]
        : [trans.__('Nobody else uses it.')])
    ];
    if (await actions.confirm(title, lines, isStop ? trans.__('Stop') : trans.__('Restart'))) {
      await model[what](others.length > 0, profile);
    }
  };
}
