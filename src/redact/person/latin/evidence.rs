//! Words beside a name that say whose or what it is, in lower case.

/// Before the name of a person, written with it.
#[rustfmt::skip] // lists to be read and added to
pub(super) const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "drs", "prof", "professor", "sir", "dame", "lady", "rev", "sister", "auntie",
    "aunt", "uncle", "granny", "grandma", "grandpa", "coach", "nurse", "officer", "captain", "capt", "sgt", "big",
    "mme", "mmes", "mlle", "m", "monsieur", "madame", "mademoiselle", "docteur", "dre", "maître", "tata", "tatie", "tonton", "mamie",
    "mamy", "papi", "papy", "mémé", "pépé", "tante", "oncle", "sœur", "père", "abbé", "sr", "sra", "srta", "srita", "señor",
    "señora", "señorita", "don", "doña", "dña", "d", "lic", "licda", "lcda", "lcdo", "licenciado", "licenciada", "ing",
    "ingeniero", "ingeniera", "arq", "profesor", "profesora", "profe", "doctor", "doctora", "dra", "tía", "tío", "sor", "fray",
    "maestro", "maestra", "khun", "cdt", "familia", "famille", "superintendent", "sergeant", "inspector", "detective", "matron",
    "pastor", "judge", "councillor", "lieutenant", "colonel", "major", "commander", "chef", "grandad", "nana", "mlles", "messrs", "pr", "pre", "veuve",
    "comandante", "capitán", "sargento", "oficial", "seño", "misia", "mister", "licenciados", "seor", "cik", "encik", "puan", "tuan",
];

/// Titles that a full stop may follow.
pub(super) const ABBREVIATED: &[&str] = &[
    "mr", "mrs", "ms", "dr", "drs", "prof", "rev", "capt", "sgt", "m", "mme", "mlle", "dre", "pr", "sr",
    "sra", "srta", "srita", "d", "dña", "lic", "licda", "lcda", "lcdo", "ing", "arq", "dra", "cdt",
];

/// Words of a sentence before a name that is being told.
#[rustfmt::skip] // lists to be read and added to
pub(super) const INTRODUCTIONS: &[&str] = &[
    "my name is", "my name's", "name is", "name's", "the name of", "by the name", "in the name of", "named", "called himself",
    "called herself", "introduced himself as", "introduced herself as", "goes by", "calls him", "calls her", "call me", "calls me",
    "someone called", "somebody called", "guy called", "lady called", "woman called", "man called", "girl called", "surname is",
    "surname was", "first name is", "last name is", "spelt", "spelled", "signed by", "badge said", "badge says", "name tag said",
    "name badge", "addressed to", "consignee", "recipient", "recipient:", "account holder", "account holder:", "name:",
    "attn", "attn:", "c/o", "passenger", "my son", "our son", "his son", "her son", "your son", "year-old son", "booked under", "under the name", "someone named", "speaking with",
    "speaking to", "as someone called", "was called", "is called", "her name", "his name", "contact:", "signed for by", "booked by",
    "on behalf of", "reviewed by", "written by", "served by", "care of", "ship to", "deliver to", "deliver to:", "ship to:", "replacement to", "addressee:", "patient:",
    "guest name", "guest:", "full name", "driver was", "driver is", "agent was", "known as", "ask for", "asked for", "asking for", "here is", "it's me", "speak to", "spoke to", "spoke with", "talked to",
    "kudos to", "shout out to", "shoutout to", "props to", "hats off to", "dites à", "dile a", "díganle a", "felicitar a", "felicitaciones a", "hablé con", "merci à", "bravo à", "gracias a", "big thanks to", "thanks to", "tell",
    "s'appelait", "s'appelle", "s'appelaient", "soussigné", "soussignée", "contact :", "ici", "facturé à", "adressé à", "signé par", "suivi par", "contacter",
    "je m'appelle", "m'appelle", "s'appelle", "mon nom est", "nommé", "nommée", "prénommé", "prénommée", "au nom de", "nom de",
    "un certain", "une certaine", "nom :", "nom:", "prénom :", "prénom:", "destinataire :", "destinataire:", "titulaire :", "titulaire:",
    "titulaire", "signé", "signé :", "de la part de", "expéditeur :", "demander", "demandez", "je crois",
    "un dénommé", "une dénommée", "surnommé", "me llamo", "mi nombre es", "se llama", "se llamaba", "llamada", "llamado",
    "a nombre de", "de parte de", "un tal", "una tal", "titular:", "titular", "remitente:", "destinatario:", "nombre:",
    "firmado", "firmado:", "firma:", "firma", "preguntar por", "pregunten por", "pregunte por", "me dicen", "le dicen", "a la atención de",
    "entregar a", "entregar a:", "enviar a", "enviar a:", "recibe:", "recibe", "contacto:", "paciente:", "habla", "le atiende", "le atendió",
    "llamaba", "conocido como", "firmado por", "de nombre", "pregunté por", "preguntando por", "comunicarse con", "nos tocó", "me tocó", "por acá", "atendió", "atendido por", "atendida por", "fdo.", "fdo.:",
    "名字是", "名字叫", "名叫", "叫做", "我叫", "叫", "我是", "姓名", "姓名：", "姓名:", "收件人：", "收件人:", "同事", "前台", "客服", "店員", "店员",
    "经理", "經理", "店長", "店长", "老师", "老師", "阿", "胸牌写", "名牌寫", "署名", "登记的名字是", "英文名", "ชื่อ", "ป้ายชื่อ", "คุณ", "พี่", "น้อง", "นาย", "นาง", "บัตรชื่อ",
];

/// Words that a letter or a message begins with.
#[rustfmt::skip] // lists to be read and added to
pub(super) const GREETINGS: &[&str] = &[
    "hi", "hey", "hello", "dear", "hiya", "yo", "good morning", "good afternoon", "thanks", "thank you", "thx", "cheers", "sorry",
    "bonjour", "bonsoir", "salut", "coucou", "cher", "chère", "merci", "bravo", "merci à", "bravo à", "merci beaucoup", "hola", "buenas",
    "querido", "querida", "estimado", "estimada", "gracias", "muchas gracias", "felicidades", "enhorabuena", "你好", "您好", "谢谢", "謝謝", "多谢", "多謝",
];

/// Words that a letter or a message ends with.
#[rustfmt::skip] // lists to be read and added to
pub(super) const CLOSINGS: &[&str] = &[
    "regards", "kind regards", "best regards", "best wishes", "sincerely", "yours sincerely", "faithfully", "cheers", "thanks", "best",
    "many thanks", "love", "signed", "warmly", "respectfully", "xx", "cordialement", "bien cordialement", "bien à vous", "salutations",
    "salutations distinguées", "amicalement", "merci d'avance", "merci", "atentamente", "saludos", "un saludo", "saludos cordiales", "cordialmente",
    "gracias", "atte", "un abrazo", "abrazos", "此致", "敬上", "谢谢", "謝謝",
];

/// Words right before a person who is thanked, met or asked for.
#[rustfmt::skip] // lists to be read and added to
pub(super) const BEFORE_A_NAME_ONLY: &[&str] = &[
    "thanks to", "thank you", "thanks", "kudos to", "shout out to", "shoutout to", "props to", "hats off to", "served by", "ask for",
    "asked for", "spoke to", "spoke with", "talked to", "dealt with", "well done", "hi", "hey", "dear", "hello", "tell", "told", "if",
    "merci à", "merci", "bravo à", "bravo", "grâce à", "dites à", "demandé à", "avec", "félicitations à", "gracias a", "gracias", "felicitar a",
    "con", "hablé con", "spoke 2", "talked 2", "saw", "met", "like", "love", "asked", "called", "emailed", "blame", "unlike", "ce", "selon", "according to", "según", "appelé", "vu", "eu", "dile a", "díganle a", "saludos a", "customer service:", "service:", "staff:", "with", "by",
];

/// Words that stand before a name though an article stands before them.
#[rustfmt::skip] // lists to be read and added to
pub(super) const BEFORE_A_NAME: &[&str] = &[
    "and", "or", "to", "of", "with", "from", "by", "for", "that", "when", "if", "but", "as", "et", "ou", "à", "de", "avec", "par", "pour",
    "que", "qui", "quand", "si", "mais", "chez", "comme", "y", "e", "o", "con", "por", "para", "cuando", "pero", "como", "a", "según", "sin",
    "appelle", "llama", "nommé", "nommée", "prénommé", "prénommée", "dit", "dice", "dijo",
];

/// Small words within a name.
pub(super) const PARTICLES: &[&str] = &[
    "de", "del", "la", "las", "los", "le", "du", "des", "da", "dos", "di", "van", "von", "der",
    "den", "bin", "ibn", "al", "el", "ter", "y",
];

/// Articles and their like.
#[rustfmt::skip] // lists to be read and added to
pub(super) const DETERMINERS: &[&str] = &[
    "the", "an", "this", "that", "le", "la", "les", "l", "un", "une", "du", "des", "au", "aux", "ce", "cet", "cette", "ces", "el", "los", "las",
    "una", "unos", "unas", "al", "este", "esta", "ese", "esa", "vos", "leur", "leurs", "su", "sus", "del",
];

/// What people are to each other, and what they do for a customer.
#[rustfmt::skip] // lists to be read and added to
pub(super) const PEOPLE: &[&str] = &[
    "colleague", "manager", "waiter", "waitress", "driver", "engineer", "technician", "fitter", "daughter", "wife", "husband",
    "partner", "mother", "mum", "mom", "father", "dad", "brother", "sister", "nurse", "doctor", "gp", "vet", "friend", "mate", "boss",
    "trainer", "instructor", "receptionist", "agent", "rep", "assistant", "barista", "bartender", "barman", "chef", "cook", "cashier",
    "teacher", "plumber", "electrician", "neighbour", "neighbor", "host", "hostess", "guide", "stylist", "hairdresser", "therapist",
    "dentist", "supervisor", "advisor", "adviser", "consultant", "courier", "postman", "mechanic", "cleaner", "porter", "concierge",
    "steward", "stewardess", "guy", "lady", "gentleman", "girl", "boy", "man", "woman", "bloke", "chap", "kid", "baby", "toddler", "cousin",
    "nephew", "niece", "grandson", "granddaughter", "grandmother", "grandfather", "nan", "gran", "fiancé", "fiancée", "girlfriend",
    "boyfriend", "flatmate", "roommate", "landlord", "landlady", "tenant", "lawyer", "solicitor", "accountant", "pharmacist", "owner",
    "collègue", "conseiller", "conseillère", "fille", "fils", "femme", "mari", "mère", "père", "maman", "papa", "frère", "sœur", "soeur",
    "belle-mère", "beau-père", "belle-sœur", "beau-frère", "belle-fille", "gendre", "vendeur", "vendeuse", "serveur", "serveuse", "caissière",
    "caissier", "livreur", "livreuse", "chauffeur", "technicien", "technicienne", "patron", "patronne", "gérant", "gérante", "infirmière",
    "infirmier", "médecin", "docteur", "pharmacien", "pharmacienne", "directeur", "directrice", "responsable", "stagiaire", "coiffeur",
    "coiffeuse", "maître-nageur", "ami", "amie", "copain", "copine", "neveu", "nièce", "grand-mère", "grand-père", "voisin", "voisine",
    "hôtesse", "réceptionniste", "guide", "facteur", "factrice", "plombier", "électricien", "boulanger", "boulangère", "boucher", "esthéticienne",
    "kiné", "ostéo", "dentiste", "prof", "professeur", "maîtresse", "moniteur", "monitrice", "animateur", "animatrice", "apprenti", "apprentie",
    "compagnon", "compagne", "cousin", "cousine", "bébé", "dame", "monsieur", "garçon", "avocat", "avocate", "notaire", "locataire",
    "propriétaire", "contrôleur", "contrôleuse", "artisan", "ouvrier", "agent", "agente", "opérateur", "opératrice", "interlocuteur",
    "interlocutrice", "client", "cliente", "assistante", "petit-fils", "petite-fille", "époux", "épouse", "filleul", "filleule",
    "hijo", "hija", "madre", "padre", "mamá", "papá", "esposo", "esposa", "marido", "mujer", "hermano", "hermana", "abuela", "abuelo", "suegra",
    "suegro", "compañero", "compañera", "encargado", "encargada", "chica", "chico", "camarero", "camarera", "mesero", "mesera", "mozo", "moza",
    "dependienta", "dependiente", "repartidor", "repartidora", "chofer", "chófer", "conductor", "conductora", "técnico", "técnica", "gerente",
    "recepcionista", "enfermera", "enfermero", "doctora", "anfitriona", "anfitrión", "vecino", "vecina", "abogado", "abogada", "jefe", "jefa",
    "señora", "señor", "cajera", "cajero", "vendedor", "vendedora", "asesor", "asesora", "ejecutivo", "ejecutiva", "operador", "operadora",
    "amigo", "amiga", "novio", "novia", "nieto", "nieta", "sobrino", "sobrina", "primo", "prima", "dueño", "dueña", "cocinero", "cocinera",
    "peluquera", "peluquero", "masajista", "instructor", "instructora", "entrenador", "entrenadora", "profesor", "profesora", "maestra",
    "portero", "guardia", "plomero", "fontanero", "electricista", "mecánico", "mensajero", "cartero", "farmacéutica", "farmacéutico", "muchacho",
    "muchacha", "niño", "niña", "bebé", "compadre", "comadre", "cuñado", "cuñada", "yerno", "nuera", "pololo", "polola", "administrador",
    "administradora", "presidenta", "directora", "director", "supervisora", "cuate", "compa", "botarga", "celador", "celadora", "mucama", "niñera", "padrino", "madrina", "nounou", "tante", "beauf", "pote", "belle-mère", "aide-soignante", "boss", "rider", "clerk", "salesman", "saleswoman", "salesperson", "seller", "bartender", "operator", "representative", "tech", "handyman", "gardener", "nanny", "babysitter", "surgeon", "midwife", "physio", "tutor", "conductor", "pilot", "captain", "becario", "becaria", "azafata", "inquilino", "inquilina",
];

/// What people do, after a name that is also a word.
#[rustfmt::skip] // lists to be read and added to
pub(super) const VERBS: &[&str] = &[
    "was", "is", "has", "had", "told", "said", "says", "helped", "asked", "sorted", "called", "answered", "explained", "took", "gave", "made",
    "went", "came", "did", "got", "promised", "refused", "ignored", "rang", "never", "kept", "let", "showed", "served", "from", "who", "and",
    "on", "at", "in", "deserves", "found", "fixed", "hung", "knew", "laughed", "listened", "put", "really", "replied", "stayed", "tried",
    "a", "à", "au", "est", "était", "m'a", "nous", "me", "m'avait", "a-t-elle", "s'est", "qui", "avait", "ne", "n'a", "et", "du", "fue", "es", "nos", "se",
    "estuvo", "está", "me", "le", "dijo", "que", "atendió", "no", "del", "y",
];

/// Capitalised words that no name is made of.
#[rustfmt::skip] // lists to be read and added to
pub(super) const NO_NAMES: &[&str] = &[
    "i", "the", "a", "an", "my", "your", "our", "his", "her", "their", "this", "that", "it", "its", "he", "she", "we", "they", "you", "in", "on", "at",
    "and", "or", "but", "if", "so", "no", "not", "yes", "ok", "okay", "please", "sorry", "to", "for", "from", "with", "all", "team", "everyone",
    "everybody", "anyone", "someone", "somebody", "nobody", "customer", "customers", "support", "service", "services", "sales", "billing", "technical",
    "reception", "manager", "staff", "company", "shop", "store", "sirs", "app", "android", "iphone", "google", "amazon", "apple", "samsung", "facebook",
    "instagram", "whatsapp", "paypal", "uber", "netflix", "microsoft", "visa", "mastercard", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "january", "february", "march", "july", "august", "september", "october", "november", "december", "christmas", "easter", "english",
    "french", "spanish", "chinese", "thai", "british", "american", "german", "europe", "uk", "us", "usa", "eu", "gps", "wifi", "tv", "pdf", "sms", "vip",
    "what", "when", "where", "why", "who", "how", "which", "there", "here", "then", "now", "still", "also", "even", "just", "only", "never", "again",
    "is", "was", "are", "were", "do", "did", "does", "can", "could", "would", "should", "have", "has", "had", "been", "be", "get", "got", "as", "by",
    "thanks", "thank", "cheers", "regards", "hi", "hey", "hello", "dear", "good", "great", "nice", "bad", "worst", "best", "very", "too", "more", "after",
    "before", "since", "because", "while", "until", "very", "one", "two", "three", "somebody", "street", "road",
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "ce", "cette", "ces", "mon", "ma", "mes", "votre", "vos", "notre", "nos", "son", "sa", "ses",
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "et", "ou", "mais", "donc", "si", "oui", "non", "merci", "bonjour", "bonsoir", "bref",
    "bravo", "client", "cliente", "clients", "clientèle", "directeur", "directrice", "gérant", "livraison", "colis", "commande", "service", "sav",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
    "septembre", "octobre", "novembre", "décembre", "noël", "pâques", "que", "qui", "quoi", "quand", "où", "comment", "pourquoi", "est", "très",
    "pas", "plus", "rien", "tout", "tous", "toute", "au", "aux", "en", "sur", "dans", "par", "pour", "avec", "sans", "chez", "depuis", "après", "avant",
    "el", "los", "las", "una", "mi", "mis", "tu", "su", "sus", "este", "esta", "eso", "esto", "yo", "ella", "ellos", "nosotros", "ustedes", "usted",
    "y", "o", "pero", "sí", "gracias", "hola", "buenas", "buenos", "cliente", "clientes", "atención", "servicio", "pedido", "tienda", "lunes", "martes", "miércoles",
    "jueves", "viernes", "sábado", "domingo", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre", "navidad", "qué", "quién", "cuándo", "dónde", "cómo", "cuál", "por", "para", "con", "sin", "desde", "hasta", "muy", "más",
    "nada", "todo", "todos", "ya", "ni", "al", "del", "lo", "se", "me", "te", "nos", "os", "es", "fue", "son", "era", "hay", "estoy", "soy", "hasta", "sr",
];

/// Words for places, before the name of one.
#[rustfmt::skip] // lists to be read and added to
pub(super) const PLACES_BEFORE: &[&str] = &[
    "rue", "avenue", "av", "boulevard", "bd", "place", "chemin", "route", "quai", "impasse", "allée", "cours", "passage", "square", "pont", "gare",
    "station", "métro", "tramway", "tram", "bus", "arrêt", "parking", "lycée", "collège", "école", "université", "fac", "hôpital", "clinique", "église",
    "stade", "piscine", "médiathèque", "bibliothèque", "théâtre", "cinéma", "musée", "tour", "centre", "galerie", "galeries", "aéroport", "port",
    "saint", "sainte", "st", "ste", "san", "santa", "santo", "são", "chez", "café", "restaurant", "brasserie", "bar", "hôtel", "hotel", "pizzeria",
    "boulangerie", "salon", "maison", "chambre", "salle", "résidence", "villa", "château", "domaine", "cave", "cuvée", "modèle", "gamme", "collection",
    "série", "ligne", "marque", "pizza", "burger", "menu", "formule", "parfum", "crème", "robe", "sac", "pantalon", "jupe", "veste", "manteau", "lit",
    "canapé", "fauteuil", "table", "chaise", "lampe", "matelas", "poupée", "enceinte", "calle", "avenida", "avda", "paseo", "plaza", "camino", "carretera",
    "estación", "parada", "línea", "hospital", "colegio", "escuela", "instituto", "universidad", "iglesia", "estadio", "museo", "teatro", "aeropuerto",
    "puerto", "parque", "barrio", "colonia", "restaurante", "bodega", "bodegas", "taberna", "hostal", "posada", "casa", "habitación", "modelo", "colección",
    "marca", "tarifa", "salsa", "vestido", "falda", "bolso", "camisa", "silla", "mesa", "sofá", "colchón", "muñeca", "crucero", "ferry", "barco", "perfume",
    "crema", "colonia", "street", "road", "lake", "mount", "mt", "fort", "cape", "new", "north", "south", "east", "west", "port", "store", "model", "brand",
    "ville", "commune", "mairie", "zona", "villa", "torre", "edificio", "clínica", "farmacia", "panadería", "museo", "huracán", "tormenta",
    "tempête", "ouragan", "storm", "hurricane", "typhoon",
];

/// Words for places, after the name of one.
#[rustfmt::skip] // lists to be read and added to
pub(super) const PLACES_AFTER: &[&str] = &[
    "street", "road", "lane", "avenue", "square", "close", "terrace", "court", "drive", "park", "gardens", "station", "airport", "hospital", "school",
    "college", "university", "house", "hall", "hotel", "inn", "tavern", "arms", "centre", "center", "mall", "market", "bridge", "hill", "bay", "beach",
    "island", "islands", "county", "city", "town", "line", "branch", "stadium", "theatre", "museum", "library", "clinic", "surgery", "church", "chapel",
    "bakery", "cafe", "café", "restaurant", "bar", "grill", "pizzeria", "kitchen", "stores", "foods", "group", "ltd", "inc", "llc", "plc", "corp", "sa",
    "sl", "sarl", "gmbh", "bank", "insurance", "airlines", "airways", "rail", "trains", "buses", "motors", "cars", "homes", "hotels",
];

/// Words for things, after the name of one; in English they follow it.
#[rustfmt::skip] // lists to be read and added to
pub(super) const PRODUCTS: &[&str] = &[
    "armchair", "chair", "sofa", "couch", "table", "desk", "bed", "mattress", "lamp", "mug", "cup", "plate", "towel", "towels", "scarf", "scarves", "shirt",
    "shirts", "dress", "dresses", "jeans", "coat", "jacket", "skirt", "trousers", "boots", "boot", "shoes", "shoe", "trainers", "sandals", "bag", "bags",
    "handbag", "purse", "wallet", "watch", "ring", "necklace", "perfume", "cream", "lipstick", "foundation", "shampoo", "soap", "candle", "steak", "burger",
    "pizza", "sauce", "cake", "salad", "sandwich", "tea", "coffee", "gin", "wine", "beer", "biscuits", "range", "collection", "line", "series", "edition",
    "model", "set", "bundle", "kit", "class", "term", "technique", "timetable", "method", "period", "doll", "toy", "toys", "game", "app", "bot", "chatbot",
    "speaker", "phone", "laptop", "printer", "mixer", "oven", "kettle", "toaster", "machine", "blender", "vacuum", "tv", "car", "bike", "pram", "pushchair",
    "discount", "code", "voucher", "sale", "tour", "ticket", "tickets", "concert", "album", "book", "books", "film", "movie", "show", "quartz", "gold",
    "red", "blue", "green", "pink", "black", "white", "grey", "rose", "size", "plan", "package", "tariff", "card", "account", "subscription", "club",
    "uniform", "uniforms", "fabric", "curtains", "rug", "wardrobe", "sheets", "duvet", "pillow", "wallpaper", "paint", "style", "suite", "room",
    "hair", "salon", "spa", "quilt", "jumper", "sweater", "hoodie", "shorts", "socks", "hat", "gloves", "glasses", "sunglasses", "luggage", "suitcase",
];

/// What people do and say and machines, firms and goods do not.
#[rustfmt::skip] // lists to be read and added to
pub(super) const ACTIONS: &[&str] = &[
    "told", "said", "says", "explained", "apologised", "apologized", "smiled", "laughed", "remembers", "remembered", "shouted", "promised", "greeted",
    "welcomed", "served", "spoke", "hung", "rolled", "listened", "knew", "knows", "rang", "came", "went", "turned", "walked", "insisted", "swore", "admitted",
    "suggested", "recommended", "assured", "replied", "yelled", "shrugged", "helped", "treated", "deserves", "bought", "lives", "lied", "claimed", "stayed",
    "sorted", "asked", "forgot", "tried", "gets", "thought", "said:", "rattrape", "m'a", "nous", "l'a", "m'avait", "connaît", "sourit", "écoute", "dit", "répond",
    "prend", "s'est", "a-t-il", "a-t-elle", "disait", "explique", "pense", "vous", "est-il", "est-elle", "me", "nos", "dijo", "dice", "atendió", "contestó",
    "prometió", "explicó", "sonrió", "gritó", "colgó", "ayudó", "respondió", "quería", "lloró", "vino", "llegó", "olvidó", "recomendó", "aseguró",
];

/// Words that join two names.
pub(super) const AND: &[&str] = &["and", "et", "y", "e", "or", "ou", "o", "with", "avec", "con", "n"];
