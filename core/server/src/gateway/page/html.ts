import type { Refusal } from '../refusals.ts';

/** No inline script or style, nothing from elsewhere, in nobody's frame. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that stands in for a task. */
export function page(refusal: Refusal, name: string | undefined, link: string | undefined): string {
  const isWaiting = refusal.retryAfter !== undefined;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(name ?? refusal.title)}</title>
<link rel="stylesheet" href="/.stele/page.css">
${isWaiting ? '<script src="/.stele/waiting.js" defer></script>' : ''}
</head>
<body>
<main${isWaiting ? ' aria-busy="true"' : ''}>
<div class="mark" aria-hidden="true"></div>
${name === undefined ? '' : `<p class="name">${escape(name)}</p>`}
<div role="status">
<h1 id="title">${escape(refusal.title)}</h1>
<p id="detail">${escape(refusal.detail)}</p>
</div>
${link === undefined ? '' : `<p><a href="${escape(link)}">Go to the task’s page</a></p>`}
</main>
</body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}
