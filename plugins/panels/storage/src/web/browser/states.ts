import { isApiProblem } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';

/** A folder that is being read. */
export function folderLoading(): TemplateResult {
  return html`<stele-loading what="this folder"
    ><div class="skeletons">
      ${Array.from({ length: 8 }, () => html`<stele-skeleton></stele-skeleton>`)}
    </div></stele-loading
  >`;
}

/** A folder that could not be read. `goUp`: the way out of one that is gone; the storage's own has none. */
export function folderFailed(error: unknown, retry: () => void, goUp?: () => void): TemplateResult {
  if (goUp && isApiProblem(error) && error.code === 'NOT_FOUND') {
    return html`<stele-empty icon="folder" heading="This folder is not there">
      It was renamed, moved or deleted.
      <wa-button appearance="outlined" slot="actions" @click=${goUp}>One folder up</wa-button>
    </stele-empty>`;
  }
  return html`<div class="wrap">
    <stele-error what="This folder could not be read" .error=${error} retryable @retry=${retry}></stele-error>
  </div>`;
}

/** A folder with nothing in it. */
export function folderEmpty(isWritable: boolean, upload: () => void, newFolder: () => void): TemplateResult {
  return html`<stele-empty icon="folder" heading="This folder is empty">
    ${isWritable ? 'Drop files or folders here, or choose them.' : 'Nothing is in it, and it is read-only.'}
    ${
      isWritable
        ? html`<wa-button slot="actions" variant="brand" @click=${upload}>Upload files</wa-button>
            <wa-button appearance="outlined" slot="actions" @click=${newFolder}>New folder</wa-button>`
        : nothing
    }
  </stele-empty>`;
}
