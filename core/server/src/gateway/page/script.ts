/** Runs in the waiting page: says what happens, and comes back when the task is ready. */
export const pageScript = `const title = document.getElementById('title');
const detail = document.getElementById('detail');
let pause = 1000;

async function look() {
  const answer = await fetch('/.stele/status', { cache: 'no-store', headers: { accept: 'application/json' } });
  if (answer.status === 401 || answer.status === 403) return location.reload();
  if (!answer.ok) return again();
  const state = await answer.json();
  if (state.isReady) return location.reload();
  say(title, state.title);
  say(detail, state.detail);
  if (state.isOver) document.querySelector('main').removeAttribute('aria-busy');
  else again();
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function again() {
  pause = Math.min(pause * 1.2, 5000);
  setTimeout(() => look().catch(again), pause);
}

again();
`;
