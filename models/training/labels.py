"""Labels of every head, in the order of the manifest. Everything else reads them from here or from a manifest."""

from __future__ import annotations

SENTIMENTS = ("negative", "neutral", "positive")
STARS = ("1", "2", "3", "4", "5")
EMOTIONS = (
    "anger", "frustration", "disappointment", "worry", "sadness", "disgust",
    "confusion", "surprise", "joy", "gratitude", "trust",
)  # fmt: skip
ACTS = ("complaint", "suggestion", "request", "question", "praise", "remark")
URGENCIES = ("P1", "P2", "P3", "P4")
TOPICS = (
    "product_quality",
    "defects_reliability",
    "features_design",
    "availability_stock",
    "food_taste",
    "portion_variety",
    "price_value",
    "fees_billing",
    "payment",
    "refunds_returns",
    "promotions_loyalty",
    "booking_cancellation",
    "delivery_speed",
    "delivery_accuracy",
    "setup_activation",
    "staff_attitude",
    "waiting_responsiveness",
    "support_resolution",
    "information_communication",
    "ease_of_use",
    "technical_performance",
    "account_access",
    "security_trust",
    "cleanliness",
    "comfort_environment",
    "facilities_amenities",
    "location_access",
    "safety_health",
    "overall_experience",
)

HEAD_LABELS = {
    "sentiment": SENTIMENTS,
    "stars": STARS,
    "emotions": EMOTIONS,
    "act": ACTS,
    "urgency": URGENCIES,
    "mixed": ("mixed",),
    "topics": TOPICS,
}
