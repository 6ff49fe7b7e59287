(function () {
  "use strict";
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var one = function (what) { return document.querySelector(what); };

  // In the page of voicesim a report is framed, with an origin of its own, so that it can never act as that page. It
  // tells how high it is and what a link leads to; it is told the page's colours, how much of it lies below
  // the window, and what a link of the page leads to.
  var framed = window.parent !== window && /^https?:$/.test(location.protocol), root = document.documentElement;
  var height = function () { return root.offsetHeight; };
  var tells = function (what) {
    what.voicesim = 1;
    if (framed) { window.parent.postMessage(what, location.origin); }
  };
  var looks = function (told) {
    ["page", "card", "ink", "soft", "line", "accent", "on-accent", "serif", "sans"].forEach(function (name) {
      var value = told[name];
      if (typeof value === "string" && /^[-#\w\s.,%"'()]{1,300}$/.test(value) && !/url/i.test(value)) {
        root.style.setProperty("--" + name, value);
      }
    });
    var first = !root.classList.contains("within");
    root.classList.add("within");
    tells({ type: "height", px: height() });
    if (first) { follow(); }
  };
  var hangs = function (below) {
    var player = one(".player");
    if (player) { player.style.bottom = Math.min(Math.max(0, below), Math.max(0, height() - player.offsetHeight)) + "px"; }
  };
  if (framed) {
    window.addEventListener("message", function (event) {
      var told = event.data;
      if (event.source !== window.parent || event.origin !== location.origin || !told || told.voicesim !== 1) { return; }
      if (told.type === "looks" && told.looks && typeof told.looks === "object") { looks(told.looks); }
      else if (told.type === "below" && isFinite(told.px)) { hangs(Number(told.px)); }
      else if (told.type === "go" && typeof told.id === "string") { show(document.getElementById(told.id)); }
    });
    if (window.ResizeObserver) {
      new ResizeObserver(function () { tells({ type: "height", px: height() }); }).observe(document.body);
    }
    tells({ type: "ready" });
  }

  // Folds: what a link leads to is opened; on paper nothing stays folded.
  var folds = all("details"), shut = [];
  var reveal = function (node) {
    for (; node; node = node.parentElement) { if (node.tagName === "DETAILS") { node.open = true; } }
  };
  var show = function (target) {
    if (!target) { return; }
    reveal(target);
    target.scrollIntoView();
    tells({ type: "height", px: height() });
    tells({ type: "show", px: target.getBoundingClientRect().top + window.pageYOffset });
  };
  var follow = function () { show(location.hash.length > 1 && document.getElementById(location.hash.slice(1))); };
  window.addEventListener("hashchange", follow);
  follow();
  window.addEventListener("beforeprint", function () {
    shut = folds.filter(function (fold) { return !fold.open; });
    shut.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () { shut.forEach(function (fold) { fold.open = false; }); });
  var unfold = one("#unfold");
  unfold.hidden = false;
  unfold.addEventListener("click", function () {
    var open = all(".fold").some(function (fold) { return !fold.open; });
    all(".fold").forEach(function (fold) { fold.open = open; });
    unfold.textContent = open ? "Fold everything" : "Open everything";
  });

  var audio = one("#sound");
  if (!audio) { return; }
  var seek = one("#seek"), play = one("#play"), time = one("#time"), now = one("#now"), rate = one("#rate");
  var length = Number(seek.max), until = null, button = null, filtered = false, frame = 0, graph = null;
  audio.removeAttribute("controls");
  var filters = window.AudioContext || window.webkitAudioContext ? all("[data-filter]") : [];
  [seek, play, time, now, rate].concat(filters).forEach(function (node) { node.hidden = false; });

  // Rounded as all times of the page are, and never past the length that it names.
  var whole = time.dataset.whole, end = Math.min(length, Number(time.dataset.end));
  var clock = function (s) {
    if (s >= end) { return whole; }
    s = Math.round(s);
    return Math.floor(s / 60) + ":" + ("0" + s % 60).slice(-2);
  };
  var timed = function (what) {
    return all(what).map(function (node) {
      return { node: node, from: Number(node.dataset.at), to: Number(node.dataset.to) };
    });
  };
  var words = timed(".w"), said = timed(".said[data-at]");
  var at = function (list, t) { return list.filter(function (item) { return item.from <= t && t < item.to; })[0]; };
  var lit = [];
  var mark = function (items) {
    lit.forEach(function (node) { node.classList.remove("now"); });
    lit = items.filter(Boolean).map(function (item) { return item.node; });
    lit.forEach(function (node) { node.classList.add("now"); });
  };
  var heads = all(".timeline").map(function (svg) {
    var of = svg.dataset;
    return { node: svg.querySelector(".playhead"), left: Number(of.left), right: Number(of.right), end: Number(of.end) };
  });

  // Hear yourself without the words: what is left below 400 Hz is melody, pace and loudness.
  var routed = function (on) {
    if (!graph) {
      if (!on) { return; }
      var context = new (window.AudioContext || window.webkitAudioContext)();
      var source = context.createMediaElementSource(audio);
      var low = [0, 1].map(function () {
        var part = context.createBiquadFilter();
        part.type = "lowpass"; part.frequency.value = 400; part.Q.value = 0.7;
        return part;
      });
      var gain = context.createGain();
      gain.gain.value = 1.6;
      source.connect(low[0]); low[0].connect(low[1]); low[1].connect(gain);
      graph = { context: context, source: source, low: low[0], gain: gain };
    }
    graph.context.resume();
    graph.source.disconnect();
    graph.gain.disconnect();
    graph.source.connect(on ? graph.low : graph.context.destination);
    if (on) { graph.gain.connect(graph.context.destination); }
  };

  var shown = function () {
    var t = audio.currentTime;
    seek.value = t;
    seek.setAttribute("aria-valuetext", clock(t) + " of " + whole);
    time.textContent = clock(t) + " / " + whole;
    heads.forEach(function (head) {
      var x = head.left + (head.right - head.left) * Math.min(1, t / head.end);
      // Before the first play there is nothing to point at.
      head.node.setAttribute("visibility", t || !audio.paused ? "visible" : "hidden");
      head.node.setAttribute("x1", x); head.node.setAttribute("x2", x);
    });
    var part = audio.paused ? null : at(said, t);
    mark(audio.paused ? [] : [part, at(words, t)]);
    now.textContent = part ? "Turn " + part.node.closest(".turn").id.slice(5) + ", " +
      (part.node.classList.contains("caller") ? "caller" : "you") : "";
    if (until !== null && t >= until) { audio.pause(); }
    if (!audio.paused) { frame = requestAnimationFrame(shown); }
  };
  var state = function () {
    var on = !audio.paused;
    play.classList.toggle("on", on);
    play.querySelector(".name").textContent = on ? "Pause" : "Play the call";
    if (!on) { settle(); }
    cancelAnimationFrame(frame);
    shown();
  };
  var settle = function () {
    if (!button) { return; }
    button.classList.remove("on");
    if (button.dataset.filter) { button.setAttribute("aria-pressed", "false"); }
    button = null;
  };
  var quiet = function () {
    all("audio").forEach(function (other) { if (other !== audio) { other.pause(); } });
  };
  var start = function (from, to, by) {
    quiet();
    settle();
    until = to;
    button = by || null;
    filtered = Boolean(by && by.dataset.filter);
    if (by) { by.classList.add("on"); if (filtered) { by.setAttribute("aria-pressed", "true"); } }
    routed(filtered);
    var begin = function () { audio.currentTime = from; audio.play(); };
    if (audio.readyState > 0) { begin(); }
    else { audio.addEventListener("loadedmetadata", begin, { once: true }); audio.load(); }
  };
  ["play", "pause", "ended"].forEach(function (name) { audio.addEventListener(name, state); });
  audio.addEventListener("seeked", shown);
  // A page that nobody looks at draws no frames, but what was asked for ends all the same.
  audio.addEventListener("timeupdate", function () { if (until !== null && audio.currentTime >= until) { audio.pause(); } });

  var wordPlays = function (word) {
    var reply = word.closest(".said");
    start(Number(word.dataset.at), reply && reply.dataset.to ? Number(reply.dataset.to) : null, null);
  };
  var advice = function (by) {
    var other = document.getElementById(by.dataset.advice), was = !other.paused;
    audio.pause(); quiet();
    if (!was) { other.currentTime = 0; other.play(); by.classList.add("on"); }
    other.onpause = other.onended = function () { by.classList.remove("on"); };
  };
  document.addEventListener("click", function (event) {
    var target = event.target;
    var by = target.closest("[data-play]"), word = target.closest(".w"), drawn = target.closest(".timeline");
    if (target.closest("[data-advice]")) { advice(target.closest("[data-advice]")); }
    else if (by && by === button && !audio.paused) { audio.pause(); }
    else if (by) { start(Number(by.dataset.play), Number(by.dataset.until), by); }
    else if (word) { stand(word); wordPlays(word); }
    else if (drawn) {
      var box = drawn.getBoundingClientRect(), of = drawn.dataset;
      var x = (event.clientX - box.left) * drawn.viewBox.baseVal.width / box.width;
      var share = (x - Number(of.left)) / (Number(of.right) - Number(of.left));
      start(Math.min(1, Math.max(0, share)) * Number(of.end), null, null);
    }
  });
  play.addEventListener("click", function () {
    if (!audio.paused) { audio.pause(); return; }
    start(audio.currentTime >= length - 0.2 ? 0 : audio.currentTime, null, null);
  });
  seek.addEventListener("input", function () { until = null; audio.currentTime = Number(seek.value); shown(); });
  rate.addEventListener("change", function () { audio.playbackRate = Number(rate.querySelector("select").value); });

  // Words by keyboard: one stop of Tab a reply, arrows from word to word.
  var stand = function (word) {
    all(".w[tabindex]", word.closest(".words")).forEach(function (other) {
      other.removeAttribute("tabindex"); other.removeAttribute("role");
    });
    word.setAttribute("tabindex", "0"); word.setAttribute("role", "button");
  };
  all(".words").forEach(function (reply) { var first = reply.querySelector(".w"); if (first) { stand(first); } });
  document.addEventListener("keydown", function (event) {
    var word = event.target.classList && event.target.classList.contains("w") ? event.target : null;
    if (!word || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var reply = all(".w", word.closest(".words")), i = reply.indexOf(word);
    var to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: reply.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); wordPlays(word); }
    else if (to !== undefined) { event.preventDefault(); if (reply[to]) { stand(reply[to]); reply[to].focus(); } }
  });
  shown();
}());
