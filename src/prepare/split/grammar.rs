//! The words by which clauses are told in languages of Latin script.

use crate::language::Language;

/// Words that tell where a clause begins, in lower case, parted by spaces. In
/// French `j'` and the like stand for what they are elided to.
pub(super) struct Grammar {
    pub(super) language: Language,
    /// Words that are a subject by themselves, or stand right before the verb.
    pub(super) subjects: &'static str,
    /// Those of them that begin a statement where speech has no marks.
    pub(super) speakers: &'static str,
    /// Words that begin a subject.
    pub(super) articles: &'static str,
    /// The commonest finite verbs.
    pub(super) verbs: &'static str,
    /// Endings of finite verbs that few other words have.
    pub(super) endings: &'static [&'static str],
    /// Words for *and*.
    pub(super) joiners: &'static str,
    /// Words with which a clause leans on another, which is the statement.
    pub(super) leaning: &'static str,
}

pub(super) const GRAMMARS: &[Grammar] = &[
    Grammar {
        language: Language::English,
        subjects: "i i'm i've i'd i'll it it's they they're they've we we're we've we'd he he's \
                   she she's you you're you'd there there's nobody noone everyone everybody \
                   someone somebody nothing everything that's",
        speakers: "i i'm i've i'd they they're he he's she she's we we're",
        articles: "the my our your his her their its this that these those no every some another \
                   both",
        verbs: "is isn't are aren't was wasn't were weren't am has hasn't have haven't had hadn't \
                do don't does doesn't did didn't can can't could couldn't will won't would \
                wouldn't should ate began bought broke brought came charges chose comes cost costs \
                crashes drops eats fails feels fell felt fits forgot found freezes gave gets gives \
                goes got grew happens held helps hung keeps kept knew knows lacks lasts leaves led \
                left lets lies likes logs looks lost loves made makes means meant met misses needs \
                opens paid puts ran rang reads runs said sat saw says seems sends sent shows sits \
                smells smelt sold sounds spent spoke stays stinks stops stood takes tastes tells \
                thinks threw told took tries turns understood uses wants went woke won works \
                wrote",
        endings: &["ed", "n't"],
        joiners: "and so yet then",
        leaning: "if when whenever because since as after before while once unless until given \
                  whether where that which who for how time think hope say said wish",
    },
    Grammar {
        language: Language::French,
        subjects: "je j' il elle on nous vous ils elles c' ça cela personne tout y",
        speakers: "je j' il elle on ils elles",
        articles: "le la les l' mon ma mes notre nos son sa ses leur leurs votre vos un une des \
                   cette cet ces ce aucun aucune",
        verbs: "est était sont étaient a avait ont avaient ai fait faisait font fonctionne \
                fonctionnait arrive arrivé manque manquait marche marchait plante sent va vont \
                vient peut peuvent reste met mettent dit disent répond répondent répondait coûte \
                semble doit doivent prend laisse tombe donne chauffe suis es soit sera serait fut \
                faut change dure vaut sait \
                savent veut veulent tient tourne bloque bugue refuse demande rappelle arrivent \
                passe passent attend attendent rend sort ouvre ferme charge envoie comprend perd \
                ressemble correspond",
        endings: &["ait", "aient", "èrent"],
        joiners: "et donc puis alors",
        leaning: "si quand lorsque comme parce puisque dès après avant pendant tant pour que qui \
                  où",
    },
    Grammar {
        language: Language::Spanish,
        subjects: "yo él ella nosotros ellos ellas ustedes usted me se te nos le les nadie nada \
                   todo no ya esto eso hay está están estaba fue fueron es son era eran tiene \
                   tienen tardaron",
        speakers: "yo él ella ellos",
        articles: "el la los las mi mis su sus un una este esta estos estas nuestro nuestra \
                   ningún ninguna cada",
        verbs: "es era está estaba estuvo son eran están estaban fue fueron ha han había hay \
                tiene tienen tenía llegó llegaron llega funciona funcionan tarda tardó tardaron \
                dice dicen dijo dijeron quedó viene vino vinieron va van puede pueden hizo hace \
                cuesta falla falta sabe saben responde responden contesta contestan atiende \
                atendió atendieron cobraron suena sirve pedí llamé pagué compré reclamé llevo \
                gasta da dan dieron queda quiere trae cambiaron \
                abre cierra carga pide piden sale salen deja dejan huele sube baja pasa pasan \
                vale parece parecen vuelve entiendo entiende compra manda mandan llegan cobran \
                recomiendo fui estoy tengo quiero puedo hago digo sé",
        endings: &[
            "ó", "aron", "ieron", "aba", "aban", "ía", "ían", "amos", "imos",
        ],
        joiners: "y e entonces",
        leaning: "si cuando como porque mientras después antes para que donde quien",
    },
];

/// The words for *but*, with what makes them something else.
pub(super) struct Contrast {
    pub(super) language: Language,
    pub(super) words: &'static [&'static str],
    /// Words after it with which it adds: `mais aussi`.
    pub(super) adding: &'static [&'static str],
    /// Words before it with which it excepts: `nothing but`.
    pub(super) excepting: &'static [&'static str],
}

pub(super) const CONTRASTS: &[Contrast] = &[
    Contrast {
        language: Language::English,
        words: &[
            "but",
            "however",
            "although",
            "though",
            "unfortunately",
            "except",
        ],
        adding: &["also"],
        excepting: &["nothing", "anything", "all", "none", "everything", "last"],
    },
    Contrast {
        language: Language::French,
        words: &[
            "mais",
            "cependant",
            "toutefois",
            "par contre",
            "en revanche",
            "sauf que",
        ],
        adding: &["aussi", "également", "encore"],
        excepting: &["non", "ah", "oh"],
    },
    Contrast {
        language: Language::Spanish,
        words: &["pero", "sin embargo", "aunque", "en cambio", "lástima que"],
        adding: &["también"],
        excepting: &[],
    },
    Contrast {
        language: Language::German,
        words: &["aber", "jedoch", "allerdings", "leider"],
        adding: &["auch"],
        excepting: &["oder"],
    },
    Contrast {
        language: Language::Portuguese,
        words: &["mas", "porém", "no entanto"],
        adding: &["também"],
        excepting: &[],
    },
    Contrast {
        language: Language::Italian,
        words: &["ma", "però", "tuttavia"],
        adding: &["anche"],
        excepting: &[],
    },
    Contrast {
        language: Language::Indonesian,
        words: &["tapi", "tetapi", "namun", "sayangnya"],
        adding: &["juga"],
        excepting: &[],
    },
];
