
'use strict';
// Asks the URL of this page again and again who answers, and draws the answers.

const url = location.origin + location.pathname + location.search;
const patience = 5000; // milliseconds to wait for an answer
const mostAtOnce = 4;  // requests in flight
const memory = 100;    // outcomes in the strip and the bars
const colours = 6;     // of versions, in the style
const period = 2000;   // milliseconds from one point of the plots to the next
const span = 300000;   // milliseconds on the plots

const pods = new Map();     // by name
const nodes = new Map();    // elements by name
const versions = new Map(); // colours by name, in the order of the first answers
const recent = [];          // the last outcomes: the Pod's name and version, or neither after a failure
const points = [];          // of the plots, the oldest first
let times = [];             // milliseconds that answers took since the last point
let turn = 0, failures = 0, inARow = 0, lastFailure = '', waiting = 0, paused = false, moved = false;

const $ = id => document.getElementById(id);
const still = matchMedia('(prefers-reduced-motion: reduce)');
const digits = number => number.toLocaleString('en');
const counted = (number, thing) => `${digits(number)} ${thing}${number === 1 ? '' : 's'}`;
const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const copyOf = template => $(template).content.cloneNode(true).firstElementChild;
const present = () => [...pods.values()].filter(pod => !pod.fading);

// Asking

// The more Pods, the more requests, up to 8 a second: each Pod is soon asked, and the service carries no load. In an outage,
// all visitors ask together, so each asks less and less, down to once in three seconds.
const rate = () => inARow ? 2 / Math.min(6, inARow) : Math.min(8, 2 + present().length);

function beat() {
  if (!paused && !document.hidden && waiting < mostAtOnce) ask();
  setTimeout(beat, 1000 / rate());
}

async function ask() {
  waiting++;
  const sent = performance.now();
  try {
    const answer = await fetch(url, {
      headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(patience),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    answered(await answer.json());
    times.push(performance.now() - sent);
    inARow = 0;
  } catch (error) {
    failures++;
    inARow++;
    lastFailure = error.name === 'TimeoutError' ? 'no answer in time' : error.message;
    outcome({}, 'failed');
  }
  waiting--;
}

function answered(who) {
  const pod = pods.get(who.pod) ?? appear(who);
  count(pod, who.requests);
  Object.assign(pod, who, { turn: turn + 1 });
  outcome({ pod: who.pod, version: who.version }, colourOf(who.version));
  pulse(pod);
}

// Each Pod says how often it has answered, this page and others. Over less than a period, its rate would jump about.
function count(pod, requests) {
  const now = performance.now();
  if (pod.counted && now - pod.counted.at < period) return;
  // A Pod that has started anew has answered fewer.
  if (requests >= pod.counted?.requests) pod.rate = 1000 * (requests - pod.counted.requests) / (now - pod.counted.at);
  pod.counted = { at: now, requests };
}

function outcome(of, colour) {
  turn++;
  recent.push(of);
  const mark = document.createElement('i');
  mark.className = colour;
  $('strip').append(mark);
  if (recent.length > memory) {
    recent.shift();
    $('strip').firstChild.remove();
  }
  fade();
  draw();
}

// Coming and going

function appear(who) {
  const card = copyOf('pod-template'), article = card.firstElementChild;
  const pod = { ...who, card, article, born: Date.now() - 1000 * who.uptimeSeconds, facts: {} };
  const [title, list] = [card.querySelector('h4'), card.querySelector('dl')];
  article.setAttribute('aria-labelledby', title.id = 'pod-' + who.pod);
  article.setAttribute('aria-describedby', list.id = 'facts-' + who.pod);
  const own = who.pod.lastIndexOf('-') + 1;
  put(card.querySelector('.stem'), who.pod.slice(0, own));
  put(card.querySelector('.own'), who.pod.slice(own));
  for (const fact of list.children) pod.facts[fact.className] = fact.lastElementChild;
  pod.wire = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  $('wires').append(pod.wire);

  // Put the oldest first, so that new Pods do not push the others about.
  const younger = [...pods.values()].filter(other => other.node === pod.node && other.born > pod.born)
    .sort((a, b) => a.born - b.born)[0];
  nodeOf(pod.node).querySelector('ul').insertBefore(card, younger?.card ?? null);
  pods.set(who.pod, pod);
  moved = true;
  return pod;
}

function nodeOf(name) {
  if (!nodes.has(name)) {
    const node = copyOf('node-template'), title = node.querySelector('h3');
    node.setAttribute('aria-labelledby', title.id = 'node-' + name);
    put(title.lastElementChild, name);
    const next = [...nodes.keys()].filter(other => other > name).sort()[0];
    $('nodes').insertBefore(node, nodes.get(next) ?? null);
    nodes.set(name, node);
  }
  return nodes.get(name);
}

// A Pod that misses its turn for long is leaving; after twice as long it has left. How long depends on how many Pods
// have answered since. The margin allows for balancers that pick at random: one of 3 Pods is missing from 20 answers in
// a row once in 3,000 times.
function fade() {
  let others = 0;
  for (const pod of [...pods.values()].sort((a, b) => b.turn - a.turn)) {
    const missed = turn - pod.turn, most = 8 + 4 * (others + 1);
    pod.fading = missed > most;
    if (missed > 2 * most) vanish(pod);
    if (!pod.fading) others++;
  }
}

function vanish(pod) {
  if (pod.article === document.activeElement) $('pause').focus();
  pods.delete(pod.pod);
  pod.card.remove();
  pod.wire.remove();
  if (!nodeOf(pod.node).querySelector('li')) {
    nodeOf(pod.node).remove();
    nodes.delete(pod.node);
  }
  moved = true;
}

// Drawing

function colourOf(version) {
  if (!versions.has(version)) versions.set(version, 'c' + versions.size % colours);
  return versions.get(version);
}

function draw() {
  const here = present();
  put($('pods'), digits(here.length));
  put($('answers'), digits(turn - failures));
  put($('errors'), digits(failures));
  $('errors').className = failures ? 'failed' : '';
  put($('rate'), `asks ${rate()} times a second`);
  put($('spread'), `spreads over ${counted(here.length, 'Pod')}`);
  $('nodes').classList.toggle('many', pods.size > 12);
  for (const pod of pods.values()) {
    const share = recent.filter(of => of.pod === pod.pod).length / recent.length;
    pod.article.className = `pod ${colourOf(pod.version)}${pod.fading ? ' fading' : ''}`;
    pod.wire.classList.toggle('fading', pod.fading);
    pod.article.style.setProperty('--bar', 100 * share / Math.min(1, 2 / here.length) + '%'); // half is a fair share
    put(pod.facts.version, pod.version);
    put(pod.facts.ip, pod.ip);
    put(pod.facts.age, pod.fading ? 'silent' : duration(pod.uptimeSeconds));
    put(pod.facts.requests, digits(pod.requests + 1)); // the Pod counts the requests before this one
    put(pod.facts.share, Math.round(100 * share) + '%');
  }
  drawVersions(here);
  if (moved) route();
}

function duration(seconds) {
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['m', 60]]) {
    if (seconds >= 2 * size) return Math.floor(seconds / size) + unit;
  }
  return seconds + 's';
}

// Lists the versions that answered lately, and on how many Pods each runs.
function drawVersions(here) {
  const items = [...versions].filter(([version]) => recent.some(of => of.version === version)).map(([version, colour]) => {
    const item = document.createElement('li'), name = document.createElement('code');
    const on = here.filter(pod => pod.version === version).length;
    item.className = colour;
    name.textContent = version;
    item.append(name, on ? ` on ${counted(on, 'Pod')}` : ' is gone');
    return item;
  });
  const text = list => list.map(item => item.textContent).join();
  if (text(items) !== text([...$('versions').children])) $('versions').replaceChildren(...items);
}

// Draws the wire of each Pod: down the trunk, over to the left of its node, down to its row, and along that to the Pod.
function route() {
  moved = false;
  const frame = $('picture').getBoundingClientRect();
  const place = element => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: left - frame.left, top: top - frame.top, bottom: top - frame.top + height, width, height };
  };
  const [page, , service] = [...$('trunk').children].map(place);
  const x = page.left + page.width / 2, firstRow = place($('nodes')).top, bend = (service.bottom + firstRow) / 2;
  for (const pod of pods.values()) {
    const card = place(pod.card), rail = place(nodeOf(pod.node)).left + 18, y = card.top + card.height / 2;
    pod.path = `M${x} ${page.bottom}V${service.bottom}C${x} ${bend} ${rail} ${bend} ${rail} ${firstRow}` +
      `V${y - 9}q0 9 9 9H${card.left}`;
    pod.wire.setAttribute('d', pod.path);
  }
}

function pulse(pod) {
  if (still.matches) return;
  const dot = document.createElement('i');
  dot.className = 'dot ' + colourOf(pod.version);
  dot.style.offsetPath = `path("${pod.path}")`;
  $('dots').append(dot);
  dot.animate({ offsetDistance: ['0%', '100%'] }, { duration: 700, easing: 'ease-in-out' }).onfinish = () => {
    dot.remove();
    const colour = getComputedStyle(pod.article).getPropertyValue('--c');
    pod.article.animate({ boxShadow: [`0 0 0 0 ${colour}`, '0 0 0 10px transparent'] }, { duration: 700, easing: 'ease-out' });
  };
}

// Adds a point to the plots. Without answers, nobody knows: that leaves a gap.
function point() {
  const now = Date.now(), rates = present().map(pod => pod.rate).filter(rate => rate >= 0);
  if (times.length && rates.length) {
    times.sort((a, b) => a - b);
    points.push({
      at: now, rate: rates.reduce((sum, rate) => sum + rate), median: times[times.length >> 1], slowest: times.at(-1),
    });
  }
  times = [];
  while (points[0]?.at < now - span) points.shift();
  plot($('rates'), now, ['rate']);
  plot($('times'), now, ['median', 'slowest']);
}

function plot(figure, now, lines) {
  const values = lines.flatMap(line => points.map(point => point[line])), most = Math.max(...values);
  for (const line of lines) {
    let path = '', last = 0;
    for (const point of points) {
      const x = 300 * (1 - (now - point.at) / span), y = 58 * (1 - point[line] / (most || 1)) + 1;
      path += (point.at - last > 2.5 * period ? 'M' : 'L') + x.toFixed(1) + ' ' + y.toFixed(1);
      last = point.at;
    }
    figure.querySelector('.' + line).setAttribute('d', path);
  }
  const short = value => value < 10 ? value.toFixed(1) : digits(Math.round(value));
  if (!points.length) return;
  const [caption, scale, picture] = figure.children, [title, text] = caption.children;
  const latest = lines.map(line => short(points.at(-1)[line]) + (lines.length > 1 ? ' ' + line : '')).join(', ');
  put(text, latest);
  put(scale, short(most));
  picture.setAttribute('aria-label', `${title.textContent}: ${latest}; at most ${short(most)} in the last five minutes`);
}

// Writes what a screen reader says when it changes: not every answer, and no more often than one can listen.
function summarize() {
  const here = present(), on = new Set(here.map(pod => pod.node)).size;
  const running = [...versions.keys()].filter(version => here.some(pod => pod.version === version));
  let text = turn ? 'No Pod answers.' : 'Asking who is there.';
  if (here.length) {
    text = `${counted(here.length, 'Pod')} on ${counted(on, 'node')} answer${here.length === 1 ? 's' : ''}, ` +
      `version ${running.join(' and ')}.`;
  }
  if (failures) text += ` ${counted(failures, 'request')} failed, the last one with ${lastFailure}.`;
  if (paused) text += ' Paused.';
  put($('summary'), text);
  if (here.length) greet(here.reduce((a, b) => b.born > a.born ? b : a).greeting);
}

// The youngest Pod knows what the latest version says.
function greet(greeting) {
  put(document.querySelector('h1'), greeting);
  document.title = greeting;
}

$('pause').addEventListener('click', () => {
  paused = !paused;
  put($('pause'), paused ? 'Resume' : 'Pause');
  summarize();
});
put($('address'), location.host + location.pathname);
new ResizeObserver(route).observe($('picture'));
summarize();
setInterval(summarize, 1500);
setInterval(point, period);
beat();
