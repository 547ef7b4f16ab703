import { watchLeftovers } from '../leftovers.ts';
import type { Runner } from '../runner.ts';
import { describeCredentials } from './credentials.ts';
import { describeForm } from './form.ts';
import { describeRedirect } from './redirect.ts';
import { describeWhatever } from './whatever.ts';
import type { AuthProviderSubject } from './subject.ts';

export type { AuthProviderSubject, CredentialsSubject, FormSubject, RedirectSubject } from './subject.ts';

/** Tests what every `AuthProvider` promises: those with a form, those with a redirect, those that keep credentials. */
export function describeAuthProvider(runner: Runner, subject: AuthProviderSubject): void {
  runner.describe(`auth provider “${subject.title}”`, () => {
    watchLeftovers(runner);
    describeWhatever(runner, subject);
    if (subject.form !== undefined) describeForm(runner, subject, subject.form);
    if (subject.redirect !== undefined) describeRedirect(runner, subject, subject.redirect);
    if (subject.credentials !== undefined) describeCredentials(runner, subject, subject.credentials);
  });
}
