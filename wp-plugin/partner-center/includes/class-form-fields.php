<?php
/**
 * Who sent a form.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** Finds the address and the names among the fields of any form. */
final class Form_Fields {

	/** What fields are called that hold a name, in the languages we speak and as plugins name them. */
	const FIRST = '/^(?:(?:your|input|user)[ _-]?)?(?:first|given|f)[ _-]?name(?:[ _-]?\d+)?$|^vorname$/i';
	const LAST  = '/^(?:(?:your|input|user)[ _-]?)?(?:last|family|sur|l)[ _-]?name(?:[ _-]?\d+)?$|^nachname$/i';
	const WHOLE = '/^(?:(?:your|full|input|user)[ _-]?)?names?(?:[ _-]?\d+)?$/i';

	/**
	 * Address and names. The first field of a type counts before one whose name
	 * tells what it is; an address may stand in any field.
	 *
	 * @param array[] $fields As Form_Plugin::field() makes them.
	 * @return string[] email, first_name, last_name; "" for what is not there.
	 */
	public static function person( array $fields ): array {
		$person = array(
			'email'      => self::email( $fields ),
			'first_name' => self::value( $fields, 'first', self::FIRST ),
			'last_name'  => self::value( $fields, 'last', self::LAST ),
		);
		if ( '' === $person['first_name'] . $person['last_name'] ) {
			$person = self::names( self::value( $fields, 'name', self::WHOLE ) ) + $person;
		}
		return $person;
	}

	/**
	 * A whole name, parted at its last blank.
	 *
	 * @param string $name As typed into one field.
	 * @return string[] first_name, last_name.
	 */
	public static function names( string $name ): array {
		$name  = trim( preg_replace( '/\s+/', ' ', $name ) );
		$blank = strrpos( $name, ' ' );
		return array(
			'first_name' => false === $blank ? $name : substr( $name, 0, $blank ),
			'last_name'  => false === $blank ? '' : substr( $name, $blank + 1 ),
		);
	}

	/**
	 * The address: of a field for one; where there is none, of a field that is
	 * called so; where there is none, of any.
	 *
	 * @param array[] $fields All.
	 */
	private static function email( array $fields ): string {
		$found = array( '', '', '' );
		$there = array( false, false, true );
		foreach ( $fields as $field ) {
			$kind           = 'email' === $field['type'] ? 0 : ( preg_match( '/mail/i', $field['name'] ) ? 1 : 2 );
			$there[ $kind ] = true;
			if ( '' === $found[ $kind ] && is_email( $field['value'] ) ) {
				$found[ $kind ] = $field['value'];
			}
		}
		return $found[ array_search( true, $there, true ) ];
	}

	/**
	 * The first value of a type, else of a name.
	 *
	 * @param array[] $fields  All.
	 * @param string  $type    Of the field.
	 * @param string  $pattern Of its name.
	 */
	private static function value( array $fields, string $type, string $pattern ): string {
		$named = '';
		foreach ( $fields as $field ) {
			if ( $type === $field['type'] && '' !== $field['value'] ) {
				return $field['value'];
			}
			if ( '' === $named && preg_match( $pattern, $field['name'] ) ) {
				$named = $field['value'];
			}
		}
		return $named;
	}
}
