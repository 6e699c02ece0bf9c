//! Addresses in Latin script: a street with a number, and what follows it.

use std::ops::Range;

use regex::Regex;

use crate::redact::phone::tail;
use crate::redact::{Found, PersonalDataKind};

/// Characters before the end of an address that its beginning is looked for in.
const LONGEST_LEAD: usize = 90;

/// The same for the parts of a building before a street.
const LONGEST_UNIT: usize = 45;

/// Kinds of street that stand after the name, as in English.
const LAST: &str = "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Terrace|Way|Yard|Court|Ct|Place|Pl|Drive|Dr|Square|Sq|\
    Grove|Crescent|Cres|Gardens|Gdns|Row|Mews|Walk|Park|Hill|Boulevard|Blvd|Highway|Hwy|Parade|Green|Quay|Wharf|Rise|\
    Bank|View|Vale|Circle|Trail|Parkway|Pkwy|Alley|Passage|Wynd|Gate|Fold|Croft|Meadow|Meadows|Heights|Loop|End|Cottages|\
    Buildings|Bridge|Field|Fields|Mount|Side|Broadway|Esplanade";

/// Kinds of street that stand before the name, as in French and Spanish.
const FIRST: &str = "rue|avenue|av\\.?|boulevard|bd\\.?|place|chemin|route|quai|impasse|allée|allées|cours|passage|sentier|\
    square|villa|voie|ruelle|esplanade|promenade|rond-point|cité|clos|côte|quartier|zone|z\\.?[ai]\\.?|lotissement|lieu-dit|lieudit|venelle|traverse|montée|faubourg|résidence|hameau|calle|c/|avenida|avda\\.?|\
    paseo|plaza|pza\\.?|plazuela|cuesta|travesía|ronda|camino|carretera|ctra\\.?|polígono|urbanización|bv\\.?|bulevar|calzada|\
    callejón|privada|prolongación|glorieta|pasaje|alameda|rambla|carrera|cra\\.?|diagonal|circuito|cerrada|jirón|jr\\.?|\
    mas|barrio|residencia|edificio|gran vía|carrer|blvd\\.?|cl\\.?|urb\\.?|psje\\.?|sector|calz\\.?|autopista|andador|retorno";

/// Words that part a building, before or after the street.
const UNIT: &str = "unit|flat|apt\\.?|apartment|suite|room|floor|studio|number|block|building|house|lot|étage|appt?\\.?|\
    appartement|bât\\.?|bâtiment|esc\\.?|escalier|porte|résidence|mas|villa|domaine|hall|entrée|interphone|digicode|code|boîte|\
    bte|piso|planta|puerta|pta\\.?|bajo|ático|entresuelo|escalera|bloque|portal|depto\\.?|dpto\\.?|departamento|int\\.?|interior|\
    local|nave|hab\\.?|habitación|col\\.?|colonia|timbre|mz\\.?|lt\\.?|manzana|lote|torre|casa|edificio|residencia|urbanización|\
    barrio|fraccionamiento|fracc\\.?|c\\.?p\\.?|km|polígono|ctra\\.?|carretera|cedex";

/// Small words within names of streets and towns.
const SMALL: &str = "de|du|des|la|le|les|del|los|las|el|y|et|en|sur|sous|aux|au|à|lès|lez|saint|sainte|upon|on|of|the|und|km|n";

#[derive(Clone, Debug)]
pub(super) struct Finder {
    streets: [Regex; 3],
    /// What ends an address, with what must stand before it. The two are apart
    /// because only the first is quick to look for.
    ends: [(Regex, Regex); 2],
    before: Regex,
    after: Regex,
}

impl Finder {
    pub(super) fn new() -> Self {
        let pattern = |pattern: &str| Regex::new(pattern).expect("a pattern of ours");
        let number = r"[0-9]{1,5}(?:[A-Za-z](?-u:\b))?(?:[-–/][0-9]{1,5}[A-Za-z]?)?";
        // A word of a name: capitalised, or with an article to it.
        let name = r"(?:[dl]['’])?(?:(?:\p{Lu}|St|Ste|Dr|Gral|Sta|Sto|Ma|Prof)\.|[\p{Lu}0-9][\p{L}\p{M}0-9'’-]+|[0-9])";
        let street = format!(
            "(?:(?:{name}|(?:{SMALL})(?-u:\\b)|\\p{{L}}['’]\\p{{Lu}}[\\p{{L}}-]*) ?){{1,7}}"
        );
        let postcode =
            r"(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])";
        let town = format!("{name}(?:[ -](?:{name}|(?:{SMALL})(?-u:\\b))){{0,5}}");
        Self {
            streets: [
                pattern(&format!(
                    r"(?-u:\b)(?:(?:number|no\.?) )?{number},? (?:[\p{{Lu}}][\p{{L}}'’.-]* ){{1,4}}(?:{LAST})(?-u:\b)\.?"
                )),
                pattern(&format!(
                    r"(?:{number}(?: ?(?:bis|ter|quater)(?-u:\b))?,? )?(?-u:\b)(?i:{FIRST})(?:[ -]|(?-u:\b)){street}(?:,? (?:n[.º°]+|núm\.?|#) ?{number}|, ?[0-9]{{1,3}}(?-u:\b)|[0-9]{{1,5}}(?-u:\b))?"
                )),
                pattern(&format!(
                    r"(?-u:\b)(?i:flat|apt|unit|blk|block|room|suite|plot|house|door|shop)\.? ?(?i:no\.? ?)?#?[0-9][0-9A-Za-z/-]{{0,5}},(?: {town},){{1,4}} {town}(?:[ ,-]+[0-9]{{5,6}})?"
                )),
            ],
            ends: [
                (
                    pattern(
                        r", (?:(?i:piso|depto|dpto)(?-u:\b)|[0-9]{1,2}\.?[ºª°])[^,;\n!?)(]{0,14}",
                    ),
                    pattern(&format!(r"(?-u:\b){name}(?: {name}){{0,3}} [0-9]{{2,5}}$")),
                ),
                (
                    pattern(&format!(r"(?-u:\b){postcode}(?-u:\b)")),
                    pattern(&format!(r"(?-u:\b)(?:{town}, ){{1,4}}(?:{town} )?$")),
                ),
            ],
            before: pattern(&format!(
                r"(?i)(?-u:\b)(?:{UNIT})(?-u:\b)[^,.\n;:!?]{{0,25}}, ?$"
            )),
            after: pattern(&format!(
                r"^(?:,? ?\(?(?:[0-9]{{1,2}}\.?[ºª°][^,;\n!?)(]{{0,14}}|{postcode}|[A-Z]{{2,3}} [0-9]{{4,5}}(?:-[0-9]{{4}})?|#[0-9]{{1,5}}[A-Za-z]?(?:-[0-9]{{1,5}})?|s/n|[0-9]{{4,5}}(?: {town})?|{town},? \(?{town}\)? {postcode}|{town},? {postcode}|{town},?[ -]+[0-9]{{4,6}})|, ?(?i:{UNIT})(?:(?-u:\b)|[ .])[^,;\n!?)(.]{{0,25}}|, ?[«“\x22]?{town}[»”\x22]?)"
            )),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        for street in &self.streets {
            let mut from = 0;
            while let Some(street) = street.find_at(text, from) {
                from = self.extend(text, from, street.range(), found);
            }
        }
        for (end, start) in &self.ends {
            let mut from = 0;
            while let Some(end) = end.find_at(text, from) {
                let lead = start.find(tail(&text[from..end.start()], LONGEST_LEAD));
                from = match lead {
                    Some(lead) => {
                        let street = end.start() - lead.len()..end.end();
                        self.extend(text, from, street, found)
                    }
                    None => end.end(),
                };
            }
        }
    }

    /// Takes in what belongs to the address before and behind its street, back to
    /// `from` at most; gives where it ends.
    fn extend(&self, text: &str, from: usize, street: Range<usize>, found: &mut Found) -> usize {
        let Range { mut start, mut end } = street.clone();
        while let Some(unit) = self.before.find(tail(&text[from..start], LONGEST_UNIT)) {
            start -= unit.len();
        }
        while let Some(more) = self.after.find(&text[end..]) {
            end += more.len();
        }
        let address = text[start..end].trim_end_matches([' ', ',', '.', '(']);
        if is_address(address, &text[street]) {
            found.push(PersonalDataKind::Address, start, start + address.len());
        }
        end
    }
}

/// A street alone is a place that many people know: it needs a house or a postcode.
fn is_address(address: &str, street: &str) -> bool {
    let has_digit = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit());
    let name = street.trim_start_matches(|c: char| !c.is_alphabetic());
    let is_named = name.chars().skip(1).any(char::is_uppercase);
    is_named && (has_digit(address) || address.contains("s/n"))
}
