/** What `core/web/dist/page.json` holds: the files of the page, made by `npm run build`. URLs start with `/assets/`. */
export interface PageFiles {
  /** The one import map, for the page and all panels. */
  readonly importMap: {
    readonly imports: Readonly<Record<string, string>>;
    readonly integrity: Readonly<Record<string, string>>;
  };
  /** Module that starts the page. */
  readonly entry: string;
  /** Stylesheets. */
  readonly styles: readonly string[];
  /** Modules that the first page needs: fetched in parallel with the entry. */
  readonly preload: readonly string[];
  /** Icon of the browser's tab. */
  readonly icon: string;
}

/** What the server knows when it renders the page. */
export interface PageInput {
  /** Contents of `page.json`. */
  readonly page: PageFiles;
  /** Fresh for each answer; also in the policy, see {@link contentSecurityPolicy}. */
  readonly nonce: string;
  /** Name of the site. */
  readonly siteName: string;
  /** Language of the page, e.g. `en`. */
  readonly lang: string;
}

// Before the first paint, so that a chosen theme never flashes. It reads what `theme.ts` stores.
const theme = `try{const t=localStorage.getItem('stele.theme');if(t)document.documentElement.dataset.theme=t}catch{}`;

/**
 * The HTML of every address of the page (all that is not `/api`, `/assets`, `/plugins`, `/healthz` …). The server
 * answers it with {@link contentSecurityPolicy} and `Cache-Control: no-store`, and serves `dist/assets` at `/assets`,
 * for ever (names hold a hash).
 */
export function renderPage({ page, nonce, siteName, lang }: PageInput): string {
  const integrity = (url: string): string => {
    const hash = page.importMap.integrity[url];
    return hash === undefined ? '' : ` integrity="${text(hash)}"`;
  };
  return `<!doctype html>
<html lang="${text(lang)}">
<head>
<meta charset="utf-8">
<title>${text(siteName)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" type="image/svg+xml" href="${text(page.icon)}">
<script nonce="${text(nonce)}">${theme}</script>
${page.styles.map((url) => `<link rel="stylesheet" href="${text(url)}">`).join('\n')}
<script type="importmap" nonce="${text(nonce)}">${json(page.importMap)}</script>
${page.preload.map((url) => `<link rel="modulepreload" href="${text(url)}"${integrity(url)}>`).join('\n')}
<script type="module" src="${text(page.entry)}"${integrity(page.entry)}></script>
</head>
<body>
<stele-shell site="${text(siteName)}"></stele-shell>
<noscript>Stele needs JavaScript.</noscript>
</body>
</html>
`;
}

/**
 * The policy that goes with {@link renderPage}. Nothing comes from elsewhere. `style-src-attr`: components place their
 * pop-ups by `style` attributes, which can't run anything.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'none'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function text(value: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (character) => names[character] ?? '');
}

/** JSON that can't end the script element it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
