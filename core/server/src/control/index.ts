export { type ControlDesk, controlAnswers } from './answers.ts';
export { ControlSocket } from './control-socket.ts';
