import assert from 'node:assert/strict';
import { contentSecurityPolicy, renderPage } from './page.ts';

const page = {
  importMap: { imports: { lit: '/assets/lit.js' }, integrity: { '/assets/lit.js': 'sha384-x' } },
  entry: '/assets/shell.js',
  styles: ['/assets/page.css'],
  preload: ['/assets/lit.js'],
  icon: '/assets/stele.svg',
};

describe('the page that the server renders', () => {
  const html = renderPage({ page, nonce: 'n0', siteName: `</title><script>"O'Hara" & co`, lang: 'en' });

  it('escapes the name of the site wherever it stands', () => {
    assert.ok(!html.includes('</title><script>'));
    assert.ok(html.includes('&lt;/title&gt;&lt;script&gt;&quot;O&#39;Hara&quot; &amp; co'));
  });

  it('gives each inline script the nonce, and has no other inline code', () => {
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)];
    for (const [, attributes = '', code = ''] of scripts) {
      assert.ok(code === '' ? attributes.includes('src=') : attributes.includes('nonce="n0"'), attributes);
    }
    assert.ok(!/\son\w+=|javascript:|style=/.test(html));
  });

  it('lets nothing in the import map end its script', () => {
    const evil = { ...page, importMap: { imports: { x: '</script><b>' }, integrity: {} } };
    assert.ok(!renderPage({ page: evil, nonce: 'n', siteName: 'x', lang: 'en' }).includes('</script><b>'));
  });

  it('checks what it preloads', () => {
    assert.ok(html.includes('<link rel="modulepreload" href="/assets/lit.js" integrity="sha384-x">'));
  });

  it('allows scripts of ours and of the nonce alone', () => {
    const policy = contentSecurityPolicy('n0');
    assert.ok(policy.includes("script-src 'self' 'nonce-n0';"));
    assert.ok(!/unsafe-eval|script-src[^;]*unsafe-inline/.test(policy));
  });
});
