const reveal = () => { const at = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (at && at.tagName === "DETAILS") { at.open = true; at.scrollIntoView(); } };
addEventListener("hashchange", reveal); reveal();
addEventListener("click", event => { if (event.target.closest('a[href^="#"]')) setTimeout(reveal); });
addEventListener("beforeprint", () => document.querySelectorAll("#groups details, #quotes details:nth-of-type(-n+5)").forEach(it => it.open = true));
document.getElementById("search").addEventListener("input", event => {
  const sought = event.target.value.toLowerCase();
  document.querySelectorAll("#quotes details").forEach(group => {
    let found = 0;
    group.querySelectorAll("blockquote").forEach(quote => { const fits = quote.textContent.toLowerCase().includes(sought); quote.hidden = !fits; found += fits; });
    group.hidden = sought && !found; group.open = Boolean(sought && found);
  });
});
