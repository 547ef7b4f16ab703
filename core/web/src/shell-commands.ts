import type { PanelItem } from '@stele/sdk/api';
import type { Command, Host } from '@stele/sdk/web';
import { chooseTheme, isDark } from './theme.ts';

/** What the page itself offers in the palette. */
export function shellCommands(host: Host, panels: readonly PanelItem[]): readonly Command[] {
  const places = ['main', 'account', 'admin']
    .flatMap((slot) => panels.filter((panel) => panel.slot === slot).sort((a, b) => a.order - b.order))
    .map((panel) => ({
      id: `go:${panel.id}`,
      title: `Go to ${panel.title}`,
      group: 'Go to',
      icon: panel.icon,
      run: () => host.navigation.go({ panel: panel.id }),
    }));
  const dark = isDark();
  return [
    ...places,
    {
      id: 'theme:toggle',
      title: dark ? 'Use the light theme' : 'Use the dark theme',
      group: 'Page',
      icon: dark ? 'sun' : 'moon',
      keywords: 'colour appearance',
      run: () => chooseTheme(dark ? 'light' : 'dark'),
    },
    {
      id: 'theme:system',
      title: 'Use the theme of the system',
      group: 'Page',
      icon: 'desktop',
      keywords: 'light dark appearance',
      run: () => chooseTheme('system'),
    },
    {
      id: 'session:end',
      title: 'Log out',
      group: 'Page',
      icon: 'log-out',
      run: () => void host.session.logOut().catch((error: unknown) => host.toasts.problem(error, 'Log out')),
    },
  ];
}
