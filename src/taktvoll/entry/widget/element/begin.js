/*
 * Where this script came from.
 *
 * I decide which host the chat speaks to: the one the script was loaded from, no other. I am the first part, because a
 * script can be asked for its own tag only while it runs for the first time. asking.js and element.js read me.
 */

const SCRIPT = document.currentScript;
const HOST = SCRIPT?.src ? new URL(SCRIPT.src).origin : location.origin;
