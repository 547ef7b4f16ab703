import { ownElement } from '@stele/sdk/web';
import { nothing, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { KeySection } from './key.ts';
import { RemoteAccountsSection } from './remote-accounts.ts';
import { Section } from './section.ts';

const key = ownElement('account-key', KeySection);
const accounts = ownElement('account-remote-accounts', RemoteAccountsSection);

/** One's key, and who one is on the resources that it is for; for administrators the platform's own key. */
export class SshSection extends Section {
  override render(): TemplateResult {
    return html`<${key}
        heading="SSH key"
        about="The platform logs in with it, as you, to computing that is used with keys of its users. The private half stays here, encrypted, and is shown to nobody."
        path="/keys"
      ></${key}>
      <${accounts}></${accounts}>
      ${
        this.host.session.has('admin')
          ? html`<${key}
              heading="The platform’s SSH key"
              about="For computing and storage that are used with keys of the platform. Add it to the account that all tasks there shall run as."
              path="/platform-key"
            ></${key}>`
          : nothing
      }`;
  }
}
