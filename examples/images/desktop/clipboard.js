// Joins the desktop's clipboard to the browser's wherever the browser allows it; noVNC's own clipboard box is there anyway.
import UI from './app/ui.js';

/** What both sides have; nothing is sent back to where it came from. */
let shared = '';
let joined;

async function take() {
  const text = await navigator.clipboard.readText().catch(() => ''); // The user may say no.
  if (text === '' || text === shared || UI.rfb === undefined || !UI.connected) return;
  shared = text;
  UI.rfb.clipboardPasteFrom(text);
}

function give({ detail: { text } }) {
  shared = text;
  // A window in the background may not.
  navigator.clipboard.writeText(text).catch((error) => console.debug('clipboard', error));
}

/** noVNC makes a new connection object each time; there is no event that says so to others. */
function join() {
  if (UI.rfb === joined) return;
  joined = UI.rfb;
  joined?.addEventListener('clipboard', give);
  void take();
}

if (navigator.clipboard?.readText !== undefined) {
  setInterval(join, 500);
  addEventListener('focus', () => void take());
}
