import { AuthProviders, definePlugin } from '@stele/sdk';
import type { OidcSettings } from '../settings.ts';
import { checkSettings } from './check-settings.ts';
import { OpenIdProvider } from './openid-provider.ts';

export default definePlugin<OidcSettings>({
  activate({ add, settings, log }) {
    checkSettings(settings);
    for (const [id, provider] of Object.entries(settings.providers)) {
      add(AuthProviders, id, new OpenIdProvider(provider, log));
    }
  },
});
