//! The commonest words of the languages most feedback in Latin script is
//! written in, and letters that few languages have.
//!
//! They decide texts of a few words, where letter statistics fail: `Muy bien`
//! has seven letters. A word or a letter of several languages counts for each
//! of them in part. The English, French and Spanish words are those of at least
//! one in a hundred training rows of this project's own corpus of feedback.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use crate::language::Language;

/// The languages that list a word, in lower case.
pub(super) fn languages(word: &str) -> Option<&'static [Language]> {
    WORD_LANGUAGES.get(word).map(Vec::as_slice)
}

/// The languages that list a letter; none of those that all have.
pub(super) fn languages_of_letter(letter: char) -> &'static [Language] {
    LETTER_LANGUAGES.get(&letter).map_or(&[], Vec::as_slice)
}

static WORD_LANGUAGES: LazyLock<HashMap<&str, Vec<Language>>> = LazyLock::new(|| {
    let words = WORDS
        .iter()
        .flat_map(|&(language, words)| words.split_whitespace().map(move |word| (word, language)));
    group(words)
});

static LETTER_LANGUAGES: LazyLock<HashMap<char, Vec<Language>>> = LazyLock::new(|| {
    let letters = LETTERS
        .iter()
        .flat_map(|&(language, letters)| letters.chars().map(move |letter| (letter, language)));
    group(letters)
});

fn group<K: Eq + Hash>(pairs: impl Iterator<Item = (K, Language)>) -> HashMap<K, Vec<Language>> {
    let mut groups: HashMap<K, Vec<Language>> = HashMap::new();
    for (key, language) in pairs {
        groups.entry(key).or_default().push(language);
    }
    groups
}

/// Words by language, in lower case.
const WORDS: &[(Language, &str)] = &[
    (
        Language::English,
        "a about account add after again agent all already also always am amazing an and \
         another any anything app application are as ask asked asking at away awesome awful \
         baby back bad bag bank battery be because been before being best better bill bit \
         booked both bought box bring broken bus but button buy by call called calling came \
         can can't cancelled car card chair change changed chat cheap check claim class \
         clean code come comes company cool could course customer cut date daughter day \
         days delivery desk did didn't different dirty disappointed do does doesn't don't \
         done door down drive each easy eight else email end enjoyed even evening every \
         everything excellent expensive fast fee feel find fine first five floor food for \
         form found four free friday friendly from front full gate gave get give go goes \
         going gone good got great had half hand happy hard has hate have he hello help \
         helpful her here hi him his home hour hours how hundred i i'd i'll i'm i've if in \
         into is isn't it it's its just kids kind know lady last late leave left less let \
         letter light like line little look lost lot love loved lovely machine made make \
         man many may me minutes monday money month months more morning moved much my name \
         need never new next nice night nine no nobody not nothing now number october of \
         off office oh ok okay old on one online only open or order ordered other our out \
         outside over own page paid paper parking pay people person phone place please poor \
         price product put quality quiet rang read really receipt refund right ring room \
         round rude said same sat say saying says school screen seat seats second see send \
         sent service set she shop should shows since sir six slow small so sold some \
         somebody someone something son sorry staff stayed still stop stopped sunday take \
         tell ten terrible text th than thank thanks that that's the their them then there \
         there's these they thing think third this thought three through thursday ticket \
         till time times to today told tomorrow too took train tuesday twice two um under \
         up us use used very wait want wanted was wasn't waste we week weeks well went were \
         what when where which who whole why will window with without won't wonderful work \
         working works worst would wrong yeah year years yes you you've your",
    ),
    (
        Language::French,
        "a accueil agent agréable ah ai alors ans appelé application après argent arnaque \
         arrive as attendez attente au aucun aucune aussi autre aux avait avant avec avez \
         avoir ben bien bon bonjour bonne bonsoir bout bouton boîte bus c'est café car \
         carte ce cela celle celui cent ces cette chambre change changé chaque cher chez \
         chose cinq client cliente code colis commande comme comment comprends compris \
         compte conseiller conseillère contre correct courrier cours côté d'un d'une dans \
         date de demain demande demandé depuis dernier dernière derrière des dessus deux \
         deuxième devant dimanche dire dit dix donc dont dossier douze du décevant déjà \
         déçu déçue eh elle en encore enfants enfin entre envoyé est et eu euh euros \
         excellent facture faire fais fait faudrait faut femme fille fils fin fini fois \
         frais gens grand génial hein heure heures hier horrible huit ici il ils j'ai \
         jamais je jeudi jeune jour jours juin juste km l'on la le lent lequel les lettre \
         leur leurs ligne lit livraison livré lui lundi là ma madame magnifique mai mail \
         main maintenant mais maison mal marche mardi mari mars matin me menu merci mes \
         mettre midi minutes mis mise moi moins mois mon monde monsieur mot mère même n'est \
         ne neuf ni nom non nos notre nous nouveau nouvelle nuit nul nulle numéro oh on ont \
         onze ou ouais oui ouvert où page paie paiement pain panne papier par parce parfait \
         parking parle part pas passe passé payer payé pendant perdu personne personnel \
         petit petite peu peut peux photo photos pièce place plus porte possible pour \
         pouvez premier première pris prix problème produit propre puis père qu'il qu'on \
         qualité quand quarante quatre que quelle qui quoi rapide rayon relevé \
         remboursement rendez reste retard retour reçu rien rue réponse sa sac sais sale \
         salle samedi sans satisfait savoir se semaine semaines sent sept serait service \
         ses seul seule si signé site six soir son sont sous suis suite super sur table \
         temps toujours tous tout toute toutes trente trois troisième trop trouve trouvé \
         très tu téléphone un une va vais vendeur vendredi veux vide vie vingt virement \
         voilà voir vois voiture vol vos votre vous vrai vraiment vu y zéro ça écrit équipe \
         était été êtes être",
    ),
    (
        Language::Spanish,
        "a abre abuela agente agua ahora ahí al algo alguien amable ante antes aparece \
         aplicación app aquí así atención aviso ay ayer año años aún baja banco barato baño \
         bien botón buena buenas bueno buenos bus cada café caja calidad cambio caro carta \
         casa celular cero cinco clase clienta cliente coche comida como compra compré con \
         contra contrato correo cosa cuando cuarenta cuatro cuenta código cómo da de \
         decepción decir dejó del delante dentro desde después dice dicen dieron diez digo \
         dijeron dijo dinero dios doce domingo don donde dos durante día días dónde e eh el \
         ella ellos en encanta entiendo entonces entre entrega era error es esa escribo \
         escrito ese eso esta estaba este esto estoy está están euros excelente factura \
         falla falta fatal favor fecha felices feo fiestas fila foto fotos fue fuera fui \
         genial gente gracias gran gratis ha habitación había hace hacer hago han hasta hay \
         he hija hijo hizo hola hora horas horrible hoy igual jueves la lado las le lento \
         les limpio llamo llega llegar llegó lleva llevo lo los lugar lunes luz línea madre \
         mal mala malo malísimo mamá mando mano martes mañana me media medio mejor menos \
         mensaje mes meses mi mil minutos mira mire mis misma mismo mitad muy más mí mía \
         nada nadie necesito ni ninguna no noche noches nombre nos nuestra nuestro nueva \
         nueve nuevo nunca número o ocho oficina olor once otra otro otros pagar pago pagué \
         pantalla papel para parte pasa pasado pasó pedido pedir pedí perfecto pero persona \
         personal personas pido plan pone poner por porque precio primer primera problema \
         producto puede puedo puerta pues pusieron puso pésima pésimo que queda quedo quedó \
         quería quien quiero quince quién qué recepción recibo recomiendo reembolso \
         respuesta rápido sabe saber sabía sale salió se sea segundo seguro seis semana \
         semanas ser servicio señor señora señores señorita si siempre siete sigue sin \
         sobre sola solicito solo son soy su sucio sus sábado sé sí sólo también tan tarde \
         tardes tarjeta te teléfono tengo tenía tercera tiempo tienda tiene tienen toda \
         todavía todo todos trabajo trae trato treinta tres tu un una uno unos uso usted \
         ustedes va vale van veces veinte venía ver verdad verde vez vida viejo viene \
         viernes vino volvió vos voy vuelo web y ya yo él único",
    ),
    (
        Language::Portuguese,
        "a ainda amei ao aos aqui as atendimento até boa bom chegou com como da das de \
         depois dinheiro do dos e ela ele em entrega então era está eu fazer foi foram \
         gente gostei hoje horrível isso já lento lindo mais mas me mesmo meu minha muito \
         na nada nas nem no nos nunca não nós o obrigada obrigado os ou para pela pelo por \
         pra prazo preço produto péssimo qualidade quando que quero recomendo ruim rápido \
         se sem sempre ser serviço seu sua são só também tem ter tudo tô um uma vai você \
         vocês vou é ótimo",
    ),
    (
        Language::Italian,
        "al alla anche ancora arrivato bellissimo bene brutto buona buono camera che ci \
         cibo come con consegna consiglio cosa da dal dei del della delle di dopo e era \
         fare già gli grazie ha hanno ho i il in io la le lento lo loro lui ma mai male mi \
         molto nel nella noi non o ottima ottimo per perché personale pessima pessimo più \
         poco prezzo prima prodotto qualità quando quello questa questo se sei sempre senza \
         servizio si sia soldi solo sono stata stato ti tu tutti tutto un una uno veloce \
         voi è",
    ),
    (
        Language::German,
        "aber alles als an auch auf aus bei bestellung danke das dass dem den der des die \
         ein eine einem einen einer empfehlen enttäuscht er es essen freundlich für gerne \
         gut günstig haben hat hier ich ihr im immer in ist kein keine kunde langsam leider \
         lieferung man mehr mein meine mit nach nicht nichts nie noch nur oder personal \
         preis produkt qualität sauber schlecht schmutzig schnell schön sehr service sich \
         sie sind super teuer und unfreundlich uns von war warum was wenn werden wie wieder \
         wir wird wo zimmer zu zum zur",
    ),
    (
        Language::Dutch,
        "aan alles als altijd bedankt bestelling bij daar dan dat de deze die dit door duur \
         een en er erg eten geen gewoon goed hebben heeft heel helaas het hier hij ik in is \
         je jullie kamer klant kwaliteit levering maar meer met mijn mooi naar niet niets \
         nog nooit om ook op over personeel prijs schoon slecht snel te traag uit van veel \
         vies voor vriendelijk was wat we weer wel werd wij worden ze zij zijn",
    ),
    (
        Language::Indonesian,
        "ada adalah aja akan anda atau bagus baik banget banyak barang belum bersih bisa \
         buat buruk cepat cocok dalam dan dari dengan di dia enak ga gak harga ini itu \
         jelek jika juga kalau kamar kami karena kasih ke kecewa kita kotor kualitas kurang \
         lagi lama lambat lebih mahal makanan mantap mereka murah nggak nya oleh orang pada \
         pas pelayanan pengiriman penjual pesanan produk puas ramah rusak saja sama sampai \
         sangat saya sekali seller semua sesuai sudah tak tapi tempat terima terlalu tetapi \
         tidak tolong untuk yang",
    ),
];

/// Letters beyond a to z by language.
const LETTERS: &[(Language, &str)] = &[
    (Language::French, "àâçèéêëîïôùûœ"),
    (Language::Spanish, "áéíóúñ¿¡"),
    (Language::Portuguese, "áâãàçéêíóôõú"),
    (Language::Italian, "àèéìòù"),
    (Language::German, "äöüß"),
    (Language::Catalan, "àçèéíòóú"),
    (Language::Polish, "ąćęłńóśźż"),
    (Language::Czech, "áčďéěíňřšťúůýž"),
    (Language::Romanian, "ăâîșşțţ"),
    (Language::Hungarian, "áéíóöőúüű"),
    (Language::Turkish, "çğıöşü"),
    (Language::Swedish, "åäö"),
    (Language::Danish, "åæø"),
    (Language::Norwegian, "åæø"),
    (Language::Finnish, "äö"),
    (
        Language::Vietnamese,
        "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ",
    ),
];
